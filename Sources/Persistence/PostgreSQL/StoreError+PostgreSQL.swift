import CPostgres

extension StoreError {
    /// The error of a failed statement. Its message never holds the values of a statement: those are in the server's detail, which is not read,
    /// and in the messages of class 22.
    init(_ result: OpaquePointer) {
        let code = Self.field("C", of: result)
        let message = code.hasPrefix("22") ? "SQLSTATE \(code)" : "\(Self.field("M", of: result)) (SQLSTATE \(code))"
        self.init(sqlState: code, message: message)
    }

    /// https://www.postgresql.org/docs/current/errcodes-appendix.html
    private init(sqlState code: String, message: String) {
        self =
            switch code {
            case "40001", "40P01": .conflict
            case "55P03": .locked
            case "57014": .timedOut
            case "25006": .readOnly
            case "53100": .diskFull
            case "XX001", "XX002": .corrupt(message)
            default:
                switch code.prefix(2) {
                case "08": .unreachable
                case "23": .constraint(message)
                case "53": .overloaded
                case "58": .inputOutput(message)
                default: .failed(message)
                }
            }
    }

    /// A field by its letter: https://www.postgresql.org/docs/current/protocol-error-fields.html
    private static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) } ?? ""
    }
}
