import CPostgres
import Glibc

/// A thread for work that waits in system calls, so that the cooperative pool never does.
enum PostgresThread {
    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @Sendable @escaping () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            agent_name_database_thread(name)
            // Signals are for other threads, and a server that has gone must not end the process with SIGPIPE.
            var signals = sigset_t()
            sigfillset(&signals)
            pthread_sigmask(SIG_SETMASK, &signals, nil)
            body()
        }
    }

    /// - Parameter name: Up to 15 bytes.
    static func start(_ name: String, _ body: @Sendable @escaping () -> Void) throws {
        let work = Unmanaged.passRetained(Work(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            work.toOpaque()
        )
        guard code == 0 else {
            work.release()
            throw StoreError.inputOutput("no more threads can be started")
        }
        pthread_detach(thread)
    }
}
