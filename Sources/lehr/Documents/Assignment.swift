import TrainingAPI

/// A value that takes the place of one in a specification: `optimizer.momentum=0.95`.
struct Assignment: Equatable {
    /// An assignment that cannot be made, with why.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What messages call it: `--set optimizer.momentum=0.95`.
    let origin: String
    /// The names on the way to the value; a number counts in a list, from 0.
    let path: [String]
    /// The value.
    let value: Document

    /// Makes an assignment that an option of its own stands for.
    init(origin: String, path: [String], _ value: Document.Value) {
        self.origin = origin
        self.path = path
        self.value = Document(value)
    }

    /// Reads `NAME.NAME=VALUE`, the value as YAML reads it.
    init(_ text: String) throws(Failure) {
        origin = "--set \(text)"
        guard let mark = text.firstIndex(of: "=") else {
            throw Failure(
                description: "\(origin): write a field and its value, such as "
                    + "optimizer.momentum=0.95"
            )
        }
        let path = text[..<mark].split(separator: ".", omittingEmptySubsequences: false)
        guard path.allSatisfy({ !$0.isEmpty }) else {
            throw Failure(description: "\(origin): a name before the = is empty")
        }
        self.path = path.map(String.init)
        let written = String(text[text.index(after: mark)...])
        do {
            value = Document(try YAMLReader.read(written).document.value)
        } catch {
            throw Failure(
                description: written.isEmpty
                    ? "\(origin): there is no value; write null or \"\" for an empty one"
                    : "\(origin): the value is not YAML: \(error.detail)"
            )
        }
    }

    /// The assignment of the same value to the same field of the object `name`.
    func below(_ name: String) -> Assignment {
        Assignment(origin: origin, path: [name] + path, value.value)
    }

    /// The JSON pointer (RFC 6901) of the value.
    var pointer: String {
        path.reduce(Pointer.root) { $0.appending($1) }.description
    }

    /// `document` with the value in its place; objects on the way are made where there are none.
    func applied(to document: Document) throws(Failure) -> Document {
        try applied(to: document, at: 0)
    }

    private func applied(to document: Document, at depth: Int) throws(Failure) -> Document {
        guard depth < path.count else { return value }
        let name = path[depth]
        switch document.value {
        case .object(var members):
            let index = members.firstIndex { $0.name == name }
            let old = index.map { members[$0] }
            let new = Document.Member(
                name: name,
                position: old?.position ?? .unknown,
                value: try applied(to: old?.value ?? Document(.object([])), at: depth + 1)
            )
            if let index { members[index] = new } else { members.append(new) }
            return Document(.object(members), at: document.position)
        case .array(var items):
            guard let index = Int(name), items.indices.contains(index) else {
                throw Failure(
                    description: "\(origin): \(place(depth)) is \(document.summary); "
                        + "write an index below \(items.count) in place of \(name)"
                )
            }
            items[index] = try applied(to: items[index], at: depth + 1)
            return Document(.array(items), at: document.position)
        case .null:
            return try applied(to: Document(.object([]), at: document.position), at: depth)
        default:
            throw Failure(
                description: "\(origin): \(place(depth)) is \(document.summary), "
                    + "which has no field \(name)"
            )
        }
    }

    private func place(_ depth: Int) -> String {
        depth == 0 ? "the specification" : path[..<depth].joined(separator: ".")
    }
}
