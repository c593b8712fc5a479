/// The limit of an update's gradient.
public enum GradientClip: Hashable, Sendable {
    /// The gradient is scaled so that its norm over all parameters is at most this.
    ///
    /// Its factor is `min(1, norm / (‖gradient‖ + 1e-6))`, as torch's `clip_grad_norm_` has it.
    case norm(Double)
    /// Each number of the gradient is held between minus this and this.
    case value(Double)
}

extension GradientClip: JSONWritable {
    private static let normField = Field(
        "norm",
        .number(above: 0, to: 1e9),
        "The largest norm of the gradient over all parameters."
    )
    private static let valueField = Field(
        "value",
        .number(above: 0, to: 1e9),
        "The largest magnitude of a number of the gradient."
    )

    /// The limit of gradients, or `null` for none.
    static let rule = ValueRule<GradientClip?>(
        "null or an object with norm or value, such as {\"norm\": 1}",
        type: "object"
    ) { document, pointer, context in
        switch document.value {
        case .null: return .some(nil)
        case .integer, .number:
            let number = document.summary
            context.report(
                pointer,
                .type,
                "\(number) does not say what it limits; write {\"norm\": \(number)} or"
                    + " {\"value\": \(number)}",
                at: document.position
            )
            return nil
        default:
            guard let clip = GradientClip(document, at: pointer, &context) else { return nil }
            return .some(clip)
        }
    }

    private init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let norm = object.read(Self.normField, &context)
        let value = object.read(Self.valueField, &context)
        object.finish(&context)
        guard object.has("norm") != object.has("value") else {
            context.report(
                pointer,
                object.has("norm") ? .conflict : .missing,
                "gradient_clip has exactly one of norm and value; write {\"norm\": 1}",
                at: document.position
            )
            return nil
        }
        if let norm {
            self = .norm(norm)
        } else if let value {
            self = .value(value)
        } else {
            return nil
        }
    }

    /// Writes the limit with its kind.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .norm(let norm): writer.field(Self.normField.name, norm)
            case .value(let value): writer.field(Self.valueField.name, value)
            }
        }
    }
}
