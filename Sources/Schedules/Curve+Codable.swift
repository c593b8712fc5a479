extension Curve: Codable {
    /// Reads `type` and that type's parameters; a field that the type does not have is refused.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` from the table's checks.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldKey.self)
        self = try Curve(in: container, besides: ["type"])
    }

    /// Reads a curve whose fields stand among `others`.
    init(
        in container: KeyedDecodingContainer<FieldKey>,
        besides others: [String]
    ) throws {
        let name = try container.decode(String.self, forKey: FieldKey("type"))
        guard let type = ScheduleCatalogue.type(named: name) else {
            throw ScheduleError.outOfRange(
                "type",
                value: "\"\(name)\"",
                requirement: "one of "
                    + ScheduleCatalogue.types.map(\.name).joined(separator: ", ")
            )
        }
        let known = type.parameters.map(\.name) + others
        if let stranger = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw ScheduleError.unknown(
                FieldPath([.key(stranger.stringValue)]),
                allowed: known.sorted()
            )
        }
        var values: [String: ParameterValue] = [:]
        for parameter in type.parameters where container.contains(FieldKey(parameter.name)) {
            values[parameter.name] = try parameter.kind.value(
                in: container,
                forKey: FieldKey(parameter.name)
            )
        }
        self = try type.make(values)
    }

    /// Writes `type` and every parameter that does not follow from the run.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldKey.self)
        try encode(into: &container)
    }

    /// Writes the curve's fields beside others.
    func encode(into container: inout KeyedEncodingContainer<FieldKey>) throws {
        try container.encode(type.name, forKey: FieldKey("type"))
        for parameter in type.parameters {
            if let value = parameters[parameter.name] {
                try container.encode(value, forKey: FieldKey(parameter.name))
            }
        }
    }
}

extension ParameterKind {
    /// The value of this kind that stands at `key`.
    fileprivate func value(
        in container: KeyedDecodingContainer<FieldKey>,
        forKey key: FieldKey
    ) throws -> ParameterValue {
        switch self {
        case .number: .number(try container.decode(Double.self, forKey: key))
        case .count: .count(try container.decode(Int.self, forKey: key))
        case .flag: .flag(try container.decode(Bool.self, forKey: key))
        case .choice: .choice(try container.decode(String.self, forKey: key))
        case .name: .name(try container.decode(String.self, forKey: key))
        case .length: .length(try container.decode(Length.self, forKey: key))
        case .lengths: .lengths(try container.decode(LengthList.self, forKey: key).lengths)
        case .target: .target(try container.decode(Target.self, forKey: key))
        case .targets: .targets(try container.decode([Target].self, forKey: key))
        case .momentum:
            .momentum(try container.part(MomentumRange.self, at: key.stringValue))
        case .knots: .knots(try container.decode([Knot].self, forKey: key))
        case .phases: .phases(try container.parts(Phase.self, at: key.stringValue))
        case .factors: .factors(try container.parts(Curve.self, at: key.stringValue))
        }
    }
}
