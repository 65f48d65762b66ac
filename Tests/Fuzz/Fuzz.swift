import ArgumentParser

/// Feeds the parsers of what strangers send with inputs that were made by chance, and looks whether each is dealt with as it must be.
///
/// A trap ends the process, as it would end a gateway. The line before it names the batch, and `--from` goes on at that batch, input by input.
@main
struct Fuzz: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fuzz")

    @Option(help: "How many inputs each parser gets.")
    var inputs = 10_000_000

    @Option(help: "Repeats the inputs of an earlier time.")
    var seed: UInt64?

    @Option(help: "One of them only: \(FuzzTarget.all.map(\.name).joined(separator: ", ")).")
    var only: String?

    @Option(help: "The batch to begin with; every input of it is printed before it is tried.")
    var from: Int?

    func validate() throws {
        guard only.map({ name in FuzzTarget.all.contains { $0.name == name } }) ?? true else { throw ValidationError("There is no such parser.") }
        guard inputs > 0, from ?? 0 >= 0 else { throw ValidationError("Neither may be negative.") }
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0..<1_000_000)
        print("Fuzzing with --seed \(seed)")
        var isGood = true
        for target in FuzzTarget.all where only == nil || target.name == only {
            let session = FuzzSession(target: target, seed: seed, inputs: inputs, first: from ?? 0, tellsInputs: from != nil)
            isGood = await session.run() && isGood
        }
        if !isGood { throw ExitCode.failure }
    }
}
