/// What may be logged of any error: its kind, without texts that may repeat what people said, models answered or tools read.
public struct ErrorKind: Sendable, Hashable, CustomStringConvertible {
    /// Names of types and cases, codes and statuses.
    public let description: String

    public init(of error: any Error) {
        let code = (error as? RunError)?.failure.code.rawValue
        let status = ((error as? ModelError) ?? (error as? RunError)?.modelError)?.status.map(String.init)
        description = ([ErrorKind.name(of: error), code, status] as [String?]).compactMap(\.self).joined(separator: " ")
    }

    /// The type, with the case of an enumeration's value that holds something.
    private static func name(of error: any Error) -> String {
        let mirror = Mirror(reflecting: error)
        let type = String(describing: type(of: error))
        guard mirror.displayStyle == .enum, let label = mirror.children.first?.label else { return type }
        return "\(type).\(label)"
    }
}

extension RunError {
    fileprivate var modelError: ModelError? {
        if case .model(let error) = self { error } else { nil }
    }
}

extension Runner {
    /// What the runner's logger is told of an error.
    func logged(_ error: any Error) -> String {
        logIncludesSensitiveData ? String(describing: error) : ErrorKind(of: error).description
    }
}
