/// A place in a document, from its root.
///
/// Every field that is read has one, and few have a fault: what is kept is the way, and the text is made of it
/// where somebody asks.
public struct Pointer: Hashable, Sendable, CustomStringConvertible {
    private indirect enum Way: Hashable, Sendable {
        case root
        case name(String, in: Way)
        case index(Int, in: Way)
    }

    private let way: Way

    /// The whole document.
    public static let root = Pointer(way: .root)

    private init(way: Way) {
        self.way = way
    }

    /// The member `name` of the object here.
    public func appending(_ name: String) -> Pointer {
        Pointer(way: .name(name, in: way))
    }

    /// The item at `index` of the list here.
    public func appending(_ index: Int) -> Pointer {
        Pointer(way: .index(index, in: way))
    }

    /// The names and indices from the root on.
    var names: [String] {
        var names: [String] = []
        var here = way
        while true {
            switch here {
            case .root:
                names.reverse()
                return names
            case .name(let name, let parent):
                names.append(name)
                here = parent
            case .index(let index, let parent):
                names.append(String(index))
                here = parent
            }
        }
    }

    /// The JSON pointer (RFC 6901); empty for the root.
    public var description: String {
        names.map { name in
            let isPlain = !name.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
            return isPlain
                ? "/" + name
                : "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
        }.joined()
    }

    /// The field's path as people write it: `schedule.warmup.length`.
    public var path: String { names.joined(separator: ".") }
}
