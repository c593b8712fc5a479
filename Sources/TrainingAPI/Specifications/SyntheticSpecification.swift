/// The parameters of a dataset that is computed from a seed.
public struct SyntheticSpecification: Hashable, Sendable {
    /// What the rows are.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Points on interleaved arms of a spiral.
        case spirals
        /// Two interleaved half circles.
        case moons
        /// Round clouds of points.
        case blobs
        /// A linear function of normal features, to be predicted.
        case linear
    }

    /// What the rows are.
    public var kind: Kind
    /// The rows to train on; `validation` and `test` have a fifth of that each, rounded up.
    public var rows: Int
    /// The deviation of the noise; of the angle in radians for spirals.
    public var noise: Double
    /// The seed of everything that is drawn.
    public var seed: UInt64
    /// The classes of spirals and blobs.
    public var classes: Int
    /// The features of blobs and linear.
    public var features: Int
    /// How often an arm of the spirals goes round.
    public var turns: Double

    /// The dataset of a kind as it is without parameters.
    public init(_ kind: Kind) {
        self.kind = kind
        rows = kind == .spirals ? 3_000 : 1_000
        noise =
            switch kind {
            case .spirals: 0.2
            case .moons, .linear: 0.1
            case .blobs: 1
            }
        seed = 0
        classes = kind == .moons ? 2 : 3
        features = kind == .linear ? 8 : 2
        turns = 0.75
    }

    private var hasClasses: Bool { kind == .spirals || kind == .blobs }
    private var hasFeatures: Bool { kind == .blobs || kind == .linear }

    /// Reads the parameters of a kind from among a dataset's fields; those of other kinds are left, to be
    /// refused as unknown.
    init?(_ kind: Kind, of object: inout ObjectDecoder, _ context: inout DecodingContext) {
        self.init(kind)
        let fields = Fields.of(kind)
        let rows = object.read(fields.rows, &context)
        let noise = object.read(fields.noise, &context)
        let seed = object.read(fields.seed, &context)
        guard let rows, let noise, let seed else { return nil }
        (self.rows, self.noise, self.seed) = (rows, noise, seed)
        if hasClasses {
            guard let classes = object.read(fields.classes, &context) else { return nil }
            self.classes = classes
        }
        if hasFeatures {
            guard let features = object.read(fields.features, &context) else { return nil }
            self.features = features
        }
        if kind == .spirals {
            guard let turns = object.read(fields.turns, &context) else { return nil }
            self.turns = turns
        }
    }

    /// Writes the parameters that the kind has, as fields of the dataset.
    func writeFields(to writer: inout JSONWriter) {
        writer.field("rows", rows)
        writer.field("noise", noise)
        writer.field("seed", seed)
        if hasClasses { writer.field("classes", classes) }
        if hasFeatures { writer.field("features", features) }
        if kind == .spirals { writer.field("turns", turns) }
    }
}

extension SyntheticSpecification {
    /// The parameters with the defaults of one kind.
    private struct Fields {
        let rows: Field<Int>
        let noise: Field<Double>
        let seed: Field<UInt64>
        let classes: Field<Int>
        let features: Field<Int>
        let turns: Field<Double>

        private init(_ kind: Kind) {
            let standard = SyntheticSpecification(kind)
            rows = Field(
                "rows",
                .integer(10...10_000_000),
                default: standard.rows,
                "The rows to train on."
            )
            noise = Field(
                "noise",
                .number(from: 0, to: 1e6),
                default: standard.noise,
                "The noise's deviation."
            )
            seed = Field("seed", SeedSpecification.rule, default: 0, "The seed of the rows.")
            classes = Field(
                "classes",
                .integer(2...1_000),
                default: standard.classes,
                "The number of classes."
            )
            features = Field(
                "features",
                .integer(1...10_000),
                default: standard.features,
                "The number of features."
            )
            turns = Field(
                "turns",
                .number(above: 0, to: 100),
                default: standard.turns,
                "How often an arm goes round."
            )
        }

        private static let spirals = Fields(.spirals)
        private static let moons = Fields(.moons)
        private static let blobs = Fields(.blobs)
        private static let linear = Fields(.linear)

        static func of(_ kind: Kind) -> Fields {
            switch kind {
            case .spirals: spirals
            case .moons: moons
            case .blobs: blobs
            case .linear: linear
            }
        }
    }
}
