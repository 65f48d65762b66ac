import FoundationEssentials

extension [PromptFile] {
    /// The file `id` and those that its agent can hand over to or call, directly or through others.
    public func reached(from id: String) -> [PromptFile] {
        var reached: Set = [id]
        var open = [id]
        while let id = open.popLast() {
            guard let file = first(where: { $0.id == id }) else { continue }
            for next in file.handoffs + file.agents where reached.insert(next.name).inserted { open.append(next.name) }
        }
        return filter { reached.contains($0.id) }
    }

    /// What the files say about the servers that these agents list.
    public func servers(reachedFrom id: String) -> [PromptServer] {
        let listed = Set(reached(from: id).flatMap(\.tools).map(\.name))
        return flatMap(\.servers).filter { listed.contains($0.name ?? "") }
    }

    /// Every prompt file (`NAME.md`) of a folder, by name. Throws `PromptError`.
    public init(folder: String) throws {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw PromptError(file: folder, "there is no such folder; name one with prompt files by --prompts.")
        }
        self = try names.filter { $0.hasSuffix(".md") }.sorted().map { name in
            let path = "\(folder)/\(name)"
            guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
                throw PromptError(file: path, "the file cannot be read as UTF-8 text.")
            }
            return try PromptFile(id: String(name.dropLast(3)), path: path, text: text)
        }
        guard !isEmpty else { throw PromptError(file: folder, "there is no prompt file (NAME.md) in it.") }
    }
}
