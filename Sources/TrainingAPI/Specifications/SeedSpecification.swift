/// The seeds of a job's random streams, each 0…2⁵³ − 1.
public struct SeedSpecification: Hashable, Sendable {
    /// The seed of the initial weights.
    public var initial: UInt64
    /// The seed of the order of the training rows.
    public var order: UInt64
    /// The seed of what dropout leaves out.
    public var dropout: UInt64
    /// The seed of the changes that augmentation makes to rows.
    public var augmentation: UInt64

    /// Makes seeds that all equal `seed`.
    public init(_ seed: UInt64 = 0) {
        initial = seed
        order = seed
        dropout = seed
        augmentation = seed
    }
}

extension SeedSpecification {
    /// A seed: a whole number that every JSON reader keeps exactly.
    static let rule = ValueRule<UInt64>(
        "a whole number from 0 to 9,007,199,254,740,991",
        type: "integer",
        bounds: (0, 9_007_199_254_740_991)
    ) { document in
        let integer: Int? =
            switch document.value {
            case .integer(let integer): integer
            case .number(let number): Int(exactly: number)
            default: nil
            }
        guard let integer else { return (nil, .type) }
        return (0..<1 << 53).contains(integer) ? (UInt64(integer), .range) : (nil, .range)
    }

    private static let initialField = Field("initial", rule, "The seed of the initial weights.")
    private static let orderField = Field("order", rule, "The seed of the order of the rows.")

    private static let dropoutField = Field("dropout", rule, "The seed of what dropout leaves out.")
    private static let augmentationField = Field(
        "augmentation",
        rule,
        "The seed of the changes that augmentation makes."
    )

    /// Reads seeds that override `seed` one by one.
    init?(
        _ document: Document,
        at pointer: Pointer,
        overriding seed: UInt64,
        _ context: inout DecodingContext
    ) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        self.init(seed)
        if let value = object.read(Self.initialField, &context) { initial = value }
        if let value = object.read(Self.orderField, &context) { order = value }
        if let value = object.read(Self.dropoutField, &context) { dropout = value }
        if let value = object.read(Self.augmentationField, &context) { augmentation = value }
        object.finish(&context)
    }
}

extension SeedSpecification: JSONWritable {
    /// Writes every seed.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(Self.initialField.name, initial)
            writer.field(Self.orderField.name, order)
            writer.field(Self.dropoutField.name, dropout)
            writer.field(Self.augmentationField.name, augmentation)
        }
    }
}
