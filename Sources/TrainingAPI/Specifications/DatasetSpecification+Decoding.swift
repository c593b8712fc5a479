extension DatasetSpecification: JSONWritable {
    private static let name = Field(
        "name",
        .text(limit: 100),
        "The dataset's name in the catalogue."
    )
    private static let fraction = Field(
        "fraction",
        .number(above: 0, below: 1),
        default: 0.1,
        "The share of the training rows that is set aside."
    )
    private static let stratified = Field(
        "stratified",
        .flag,
        default: true,
        "Whether each class keeps its share of the rows; of values, any row is as likely."
    )
    private static let seed = Field(
        "seed",
        SeedSpecification.rule,
        default: 0,
        "The seed of the draw; the job's own seed never changes it."
    )
    private static let split = Field("split", .text(limit: 100), "A split of the dataset.")
    private static let mean = Field(
        "mean",
        .list(of: .number(), count: 1...100_000),
        "What is subtracted: one number for all, or one per channel or feature."
    )
    private static let std = Field(
        "std",
        .list(of: .number(above: 0), count: 1...100_000),
        "What is divided by: one number for all, or one per channel or feature."
    )

    private static let labelNoise = Field(
        "label_noise",
        .number(from: 0, below: 1),
        default: 0,
        "The share of the training rows whose label becomes another one."
    )

    /// Reads a dataset, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let name = object.require(Self.name, &context)
        let validation = Self.validation(
            object.document("validation"),
            at: pointer.appending("validation"),
            &context
        )
        let normalize = Self.normalization(
            object.document("normalize"),
            at: pointer.appending("normalize"),
            &context
        )
        let augmentation = object.optionalObject(
            "augmentation",
            default: AugmentationSpecification(),
            &context
        ) { AugmentationSpecification($0, at: $1, &$2) }
        let labelNoise = object.read(Self.labelNoise, &context)
        let kind = name.flatMap { SyntheticSpecification.Kind(rawValue: $0) }
        let synthetic = kind.flatMap { SyntheticSpecification($0, of: &object, &context) }
        object.finish(&context)
        guard let name, let validation, let normalize, let augmentation, let labelNoise,
            kind == nil || synthetic != nil
        else { return nil }
        self.init(
            name: name,
            validation: validation,
            normalize: normalize,
            synthetic: synthetic,
            augmentation: augmentation,
            labelNoise: labelNoise
        )
    }

    private static func validation(
        _ document: Document?,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Validation? {
        guard let document else { return .fraction(0.1, stratified: true, seed: 0) }
        if case .null = document.value { return Validation.none }
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        defer { object.finish(&context) }
        if object.has(split.name) {
            return object.read(split, &context).map { .split($0) }
        }
        let share = object.read(fraction, &context)
        let isStratified = object.read(stratified, &context)
        let draw = object.read(seed, &context)
        guard let share, let isStratified, let draw else { return nil }
        return .fraction(share, stratified: isStratified, seed: draw)
    }

    private static func normalization(
        _ document: Document?,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Normalization? {
        guard let document else { return .standardize }
        if case .null = document.value { return Normalization.none }
        if document.string == "standardize" { return .standardize }
        guard case .object = document.value,
            var object = ObjectDecoder(document, at: pointer, &context)
        else {
            context.report(
                pointer,
                .type,
                "must be \"standardize\", null or an object with mean and std, not \(document.summary)",
                at: document.position
            )
            return nil
        }
        let means = numbers(mean, of: &object, &context)
        let deviations = numbers(std, of: &object, &context)
        object.finish(&context)
        guard let means, let deviations else { return nil }
        guard means.count == deviations.count else {
            context.report(
                pointer,
                .conflict,
                "mean has \(means.count) numbers and std \(deviations.count); they must agree",
                at: document.position
            )
            return nil
        }
        return .fixed(mean: means, std: deviations)
    }

    /// A list of numbers, for which a single number may stand.
    private static func numbers(
        _ field: Field<[Double]>,
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> [Double]? {
        guard let document = object.document(field.name), document.double != nil else {
            return object.require(field, &context)
        }
        let list = Document(.array([document]), at: document.position)
        return field.rule.read(list, object.pointer.appending(field.name), &context)
    }

    /// Writes the dataset with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            synthetic?.writeFields(to: &writer)
            switch validation {
            case .fraction(let fraction, let stratified, let seed):
                writer.name("validation")
                writer.object { writer in
                    writer.field("fraction", fraction)
                    writer.field("stratified", stratified)
                    writer.field("seed", seed)
                }
            case .split(let name):
                writer.name("validation")
                writer.object { $0.field("split", name) }
            case .none:
                writer.field("validation", String?.none)
            }
            switch normalize {
            case .standardize: writer.field("normalize", "standardize")
            case .fixed(let mean, let std):
                writer.name("normalize")
                writer.object { writer in
                    writer.field("mean", mean)
                    writer.field("std", std)
                }
            case .none: writer.field("normalize", String?.none)
            }
            if !augmentation.isNone { writer.field("augmentation", augmentation) }
            writer.field("label_noise", labelNoise)
        }
    }
}
