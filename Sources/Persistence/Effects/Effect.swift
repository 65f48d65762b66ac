import AgentRuntime
import FoundationEssentials

/// A write that happens once for its key, however often it is asked for.
struct Effect: Sendable {
    let key: String
    let owner: String
    /// The run in which it happens; nil for a request of the person's own.
    let run: String?
    let operation: String
    let argumentsHash: String

    init(key: String, owner: String, run: String?, operation: String, arguments: some Encodable) throws {
        self.key = key
        self.owner = owner
        self.run = run
        self.operation = operation
        argumentsHash = Fingerprint.of(try JSONEncoder.stable.encode(arguments))
    }
}

extension Transaction {
    /// Performs `body` and keeps its result under the effect's key, or gives the result that is already kept there.
    ///
    /// Throws `StoreError.effectMismatch`, writing nothing, when the key belongs to another operation, to other arguments or to somebody else.
    func once<T: Codable>(_ effect: Effect?, at now: Timestamp, _ body: () throws -> T) throws -> T {
        guard let effect else { return try body() }
        guard try take(effect, at: now) else { return try stored(effect) }
        let value = try body()
        let result = String(decoding: try JSONEncoder.stable.encode(value), as: UTF8.self)
        try execute("UPDATE tool_effects SET result = \(result) WHERE effect_key = \(effect.key)")
        return value
    }

    /// Whether the key is new. Another process that uses it at the same time waits here for the end of this transaction.
    private func take(_ effect: Effect, at now: Timestamp) throws -> Bool {
        try one(
            """
            INSERT INTO tool_effects (effect_key, owner, run_id, operation, arguments_hash, result, created_at)
            VALUES (\(effect.key), \(effect.owner), \(effect.run), \(effect.operation), \(effect.argumentsHash), '', \(now))
            ON CONFLICT (effect_key) DO NOTHING RETURNING effect_key
            """
        ) != nil
    }

    private func stored<T: Decodable>(_ effect: Effect) throws -> T {
        let row = try one(
            """
            SELECT result FROM tool_effects WHERE effect_key = \(effect.key) AND owner = \(effect.owner)
            AND operation = \(effect.operation) AND arguments_hash = \(effect.argumentsHash)
            """
        )
        guard let row else { throw StoreError.effectMismatch(key: effect.key) }
        do {
            return try JSONDecoder().decode(T.self, from: Data(try row.text("result").utf8))
        } catch is DecodingError {
            throw StoreError.unexpectedValue(column: "result")
        }
    }
}
