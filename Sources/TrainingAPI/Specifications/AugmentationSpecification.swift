/// Random changes of the rows that are trained on, drawn anew for every update.
public struct AugmentationSpecification: Hashable, Sendable {
    /// By how many pixels of zeros an image is padded on each side before a window of its own size is cut
    /// out anywhere, as torchvision's `RandomCrop` does; `nil` for no such change.
    public var cropPadding: Int?
    /// How likely an image is mirrored left to right, as `RandomHorizontalFlip`; 0 for never.
    public var flipProbability: Double
    /// How likely a rectangle of an image becomes 0 (after scaling), as torchvision's `RandomErasing`
    /// with its scale of 0.02 to 0.33 and its ratio of 0.3 to 3.3; 0 for never.
    public var erasingProbability: Double
    /// The parameter of the beta distribution from which the share of each batch in its mixture with
    /// itself in another order is drawn; `nil` for no mixing.
    ///
    /// Source: Zhang, Cisse, Dauphin & Lopez-Paz 2018, "mixup: beyond empirical risk minimization".
    public var mixupAlpha: Double?

    /// No change.
    public init(
        cropPadding: Int? = nil,
        flipProbability: Double = 0,
        erasingProbability: Double = 0,
        mixupAlpha: Double? = nil
    ) {
        self.cropPadding = cropPadding
        self.flipProbability = flipProbability
        self.erasingProbability = erasingProbability
        self.mixupAlpha = mixupAlpha
    }

    /// Whether rows stay as they are.
    public var isNone: Bool { self == AugmentationSpecification() }
    /// Whether a change is asked for that only images can have.
    public var needsImages: Bool {
        cropPadding != nil || flipProbability > 0 || erasingProbability > 0
    }
}

extension AugmentationSpecification: JSONWritable {
    /// Reads the changes, or reports what is wrong with them.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        self.init()
        if case .null = document.value { return }
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        if let crop = object.document("random_crop") {
            let place = pointer.appending("random_crop")
            guard var inner = ObjectDecoder(crop, at: place, &context) else { return nil }
            let field = Field(
                "padding",
                .integer(1...64),
                default: 4,
                "The pixels of zeros on each side."
            )
            cropPadding = inner.read(field, &context)
            inner.finish(&context)
        }
        flipProbability = Self.probability("horizontal_flip", of: &object, &context)
        erasingProbability = Self.probability("random_erasing", of: &object, &context)
        if let mixup = object.document("mixup") {
            let place = pointer.appending("mixup")
            guard var inner = ObjectDecoder(mixup, at: place, &context) else { return nil }
            let field = Field(
                "alpha",
                .number(above: 0, to: 100),
                default: 0.2,
                "The parameter of the beta distribution."
            )
            mixupAlpha = inner.read(field, &context)
            inner.finish(&context)
        }
        object.finish(&context)
    }

    /// `true`, `false`, or an object with a probability, which is a half by default.
    private static func probability(
        _ name: String,
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> Double {
        guard let document = object.document(name) else { return 0 }
        if let flag = document.bool { return flag ? 0.5 : 0 }
        let place = object.pointer.appending(name)
        guard case .object = document.value,
            var inner = ObjectDecoder(document, at: place, &context)
        else {
            context.report(
                place,
                .type,
                "must be true, false or {\"probability\": 0.5}, not \(document.summary)",
                at: document.position
            )
            return 0
        }
        let field = Field(
            "probability",
            .number(above: 0, to: 1),
            default: 0.5,
            "How likely a row is changed."
        )
        defer { inner.finish(&context) }
        return inner.read(field, &context) ?? 0
    }

    /// Writes the changes that are made.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let cropPadding {
                writer.name("random_crop")
                writer.object { $0.field("padding", cropPadding) }
            }
            for (name, value) in [
                ("horizontal_flip", flipProbability), ("random_erasing", erasingProbability),
            ] where value > 0 {
                writer.name(name)
                writer.object { $0.field("probability", value) }
            }
            if let mixupAlpha {
                writer.name("mixup")
                writer.object { $0.field("alpha", mixupAlpha) }
            }
        }
    }
}
