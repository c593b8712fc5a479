/// Where in a schedule's written form a field stands: keys and places in lists, outermost first.
public struct FieldPath: Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    /// One step into an object or a list.
    public enum Component: Hashable, Sendable, Codable {
        /// The field of that name.
        case key(String)
        /// The element at that place, from 0.
        case index(Int)
    }

    /// The steps from the whole to the field; empty for the whole.
    public let components: [Component]

    /// Makes a path of components, outermost first.
    public init(_ components: [Component] = []) {
        self.components = components
    }

    /// Makes the path of one field of the whole.
    public init(stringLiteral key: String) {
        components = [.key(key)]
    }

    /// The path of the field `key` inside this one.
    public func appending(_ key: String) -> FieldPath { FieldPath(components + [.key(key)]) }

    /// The path of the element `index` inside this one.
    public func appending(_ index: Int) -> FieldPath { FieldPath(components + [.index(index)]) }

    /// The same path seen from a whole in which this one's whole stands at `outer`.
    public func prefixed(by outer: FieldPath) -> FieldPath {
        FieldPath(outer.components + components)
    }

    /// The path as RFC 6901 writes it: `/phases/1/over`; empty for the whole.
    public var pointer: String {
        components.map { component in
            switch component {
            case .key(let key):
                "/" + key.replacing("~", with: "~0").replacing("/", with: "~1")
            case .index(let index): "/\(index)"
            }
        }.joined()
    }
}

extension FieldPath: CustomStringConvertible {
    /// The path as people write it: `phases[1].over`; `schedule` for the whole.
    public var description: String {
        var text = ""
        for component in components {
            switch component {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "schedule" : text
    }
}
