import CSodium
import Glibc

/// A thread that hashes passwords until its queue is closed, and lets everything else on the machine go first.
enum HashThread {
    private final class Start: Sendable {
        let queue: HashQueue

        init(queue: HashQueue) {
            self.queue = queue
        }

        func run() {
            agent_make_background_thread("agent-passwords", 5)
            // Signals are for other threads.
            var signals = sigset_t()
            sigfillset(&signals)
            pthread_sigmask(SIG_SETMASK, &signals, nil)
            while queue.runNext() {}
        }
    }

    /// False when the machine has no thread left.
    static func start(on queue: HashQueue) -> Bool {
        let start = Unmanaged.passRetained(Start(queue: queue))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
