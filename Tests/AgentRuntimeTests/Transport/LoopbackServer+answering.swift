extension LoopbackServer {
    /// Reads one request, writes these bytes and closes.
    static func answering(_ response: String) throws -> LoopbackServer {
        try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write(response)
        }
    }

    /// Reads one request and never answers it.
    static func silent() throws -> LoopbackServer {
        try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.waitForEnd()
        }
    }
}
