public import AgentRuntime

/// What people have used of models, a row for each person and day, and what model calls under way may use.
///
/// Days begin at midnight UTC. Reservations of a process that is gone, or that was started again, do not count: how far its calls were nobody
/// knows. Each run loses at most the calls that it had under way then; when it is resumed they are made again, and counted.
public struct UsageStore: Sendable {
    /// How many days of a person are kept, today among them. Limits are for a day: the others are there to be looked at by operators.
    public static let keptDays = 90
    /// Sums of what one row may hold stay within 64 bits.
    static let largest = 1_000_000_000_000_000

    private let database: any Database
    private let clock: WallClock
    private let identifiers: IdentifierGenerator

    public init(database: any Database, clock: WallClock = .system, identifiers: IdentifierGenerator? = nil) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers ?? IdentifierGenerator(clock: clock)
    }

    /// What the owner has used today, calls under way not counted.
    public func used(by owner: String) async throws -> Spending {
        try await database.read { [clock] transaction in
            let row = try transaction.one(
                "SELECT tokens, cost FROM usage WHERE owner = \(owner) AND day = \(try transaction.today(clock).day)")
            return try row.map { Spending(tokens: try $0.int("tokens"), cost: try $0.int("cost")) } ?? Spending()
        }
    }

    /// Takes what a model call may use out of what the budget leaves the owner today; nil when it leaves too little.
    func reserve(_ request: BudgetRequest, of owner: String, within budget: Budget, by instance: Instance) async throws -> BudgetReservation? {
        let id = identifiers.next()
        return try await database.write { [clock] transaction in
            let (now, day) = try transaction.today(clock)
            // The row serialises all who reserve for the owner.
            let used = try transaction.one(
                """
                INSERT INTO usage (owner, day) VALUES (\(owner), \(day))
                ON CONFLICT (owner, day) DO UPDATE SET tokens = usage.tokens RETURNING tokens, cost
                """
            )
            let reserved = try transaction.one(
                """
                SELECT CAST(COALESCE(SUM(r.tokens), 0) AS BIGINT) AS tokens, CAST(COALESCE(SUM(r.cost), 0) AS BIGINT) AS cost
                FROM usage_reservations r JOIN instances i ON i.id = r.instance AND i.epoch = r.epoch
                WHERE r.owner = \(owner) AND r.day = \(day) AND (i.lease_until >= \(now) OR i.id = \(instance.id))
                """
            )
            let taken = try [used, reserved].compactMap(\.self).map { Spending(tokens: try $0.int("tokens"), cost: try $0.int("cost")) }
            guard let (answer, spending) = request.fitting(budget.left(after: taken.reduce(Spending(), +))) else { return nil }
            try transaction.execute(
                """
                INSERT INTO usage_reservations (id, owner, day, tokens, cost, instance, epoch) VALUES
                (\(id), \(owner), \(day), \(min(spending.tokens, Self.largest)), \(min(spending.cost, Self.largest)), \(instance.id), \(instance.epoch))
                """
            )
            return BudgetReservation(id: id, answerTokens: answer, spending: spending)
        }
    }

    /// Gives a reservation back and notes what was used, on the day on which it was made.
    @discardableResult
    func settle(_ reservation: BudgetReservation, used: Spending) -> PendingWrite<Void> {
        database.enqueue { transaction in
            let day = try transaction.one("DELETE FROM usage_reservations WHERE id = \(reservation.id) RETURNING owner, day")
            guard let day else { return }
            try transaction.execute(
                """
                UPDATE usage SET tokens = tokens + \(min(used.tokens, Self.largest)), cost = cost + \(min(used.cost, Self.largest))
                WHERE owner = \(try day.text("owner")) AND day = \(try day.int("day"))
                """
            )
        }
    }

    /// Forgets reservations of past days.
    /// - Parameter limit: How many at most.
    /// - Returns: How many.
    @discardableResult
    public func pruneReservations(limit: Int = .max) async throws -> Int {
        try await database.write { [clock] transaction in
            let yesterday = try transaction.today(clock).day - 1
            return try transaction.execute(
                """
                DELETE FROM usage_reservations WHERE id IN
                (SELECT id FROM usage_reservations WHERE day < \(yesterday) LIMIT \(limit))
                """
            )
        }
    }

    /// Forgets what was used on days that are no longer kept.
    /// - Parameter limit: How many rows at most, one for each person and day.
    /// - Returns: How many.
    @discardableResult
    public func pruneDays(limit: Int = .max) async throws -> Int {
        try await database.write { [clock] transaction in
            let first = try transaction.today(clock).day - Self.keptDays + 1
            return try transaction.execute(
                """
                DELETE FROM usage WHERE (owner, day) IN
                (SELECT owner, day FROM usage WHERE day < \(first) LIMIT \(limit))
                """
            )
        }
    }
}

extension Transaction {
    private static let millisecondsOfDay = 86_400_000

    /// The days since 1970, by the clock that everybody who shares the database goes by.
    fileprivate func today(_ clock: WallClock) throws -> (now: Int, day: Int) {
        let now = Int(clamping: try sharedMoment(clock).milliseconds)
        return (now, now / Self.millisecondsOfDay)
    }
}
