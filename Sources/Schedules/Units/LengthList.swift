/// Lengths as they are written: a list of lengths, or one unit with a list of numbers.
struct LengthList: Decodable {
    let lengths: [Length]

    private enum CodingKeys: String, CodingKey {
        case steps, epochs, fraction
    }

    init(from decoder: any Decoder) throws {
        // Not an object is no failure: the list of lengths is read next.
        guard let container = try? decoder.container(keyedBy: CodingKeys.self) else {
            lengths = try decoder.singleValueContainer().decode([Length].self)
            return
        }
        guard container.allKeys.count == 1, let unit = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "lengths have exactly one of steps, epochs, fraction"
                )
            )
        }
        lengths =
            switch unit {
            case .steps: try container.decode([Int].self, forKey: .steps).map(Length.steps)
            case .epochs: try container.decode([Double].self, forKey: .epochs).map(Length.epochs)
            case .fraction:
                try container.decode([Double].self, forKey: .fraction).map(Length.fraction)
            }
    }
}
