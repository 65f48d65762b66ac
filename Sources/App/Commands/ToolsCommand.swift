import AgentRuntime
import ArgumentParser
import Tools

/// `agent tools`
struct ToolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tools", abstract: "Lists the tool modules and their tools.")

    @Flag(help: "As JSON, with the schemas that a model sees.")
    var json = false

    func run() throws {
        json ? printJSON() : printText()
    }

    private func printText() {
        for module in ToolModules.all {
            print("\(type(of: module).id) \(type(of: module).version)")
            for tool in module.tools { print("  \(tool.name)  [\(tool.policy.effect.rawValue)]  \(tool.definition.description)") }
        }
    }

    private func printJSON() {
        let modules = ToolModules.all.map { module in
            JSONValue.object([
                "id": .string(type(of: module).id), "version": .string(type(of: module).version), "tools": .array(module.tools.map(\.json)),
            ])
        }
        print(JSONValue.array(modules).text)
    }
}

extension AnyTool {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "description": .string(definition.description), "effect": .string(policy.effect.rawValue),
            "parameters": definition.parameters,
        ]
    }
}
