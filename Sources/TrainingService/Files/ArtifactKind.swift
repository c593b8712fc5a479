/// What a job may leave behind; the raw value is the name by which it is fetched.
enum ArtifactKind: String, CaseIterable {
    case model = "model.safetensors"
    case best = "best.safetensors"
    case module = "model.py"
    case graph = "model.onnx"
    case metrics = "metrics.csv"
    case rates = "learning_rates.csv"
    case specification = "spec.yaml"

    /// Whether a worker sends it; the rest is made from what is stored when it is asked for.
    var isSent: Bool {
        switch self {
        case .model, .best, .module, .graph: true
        case .metrics, .rates, .specification: false
        }
    }

    /// The media type.
    var mediaType: String {
        switch self {
        case .model, .best, .graph: "application/octet-stream"
        case .module: "text/x-python; charset=utf-8"
        case .metrics, .rates: "text/csv; charset=utf-8"
        case .specification: "application/yaml"
        }
    }

    /// What is in it, as a sentence.
    var summary: String {
        switch self {
        case .model: "The final weights, with the keys of a state_dict of torch."
        case .best: "The weights of the best validation, with the keys of a state_dict of torch."
        case .module: "A torch module that is built and loaded from the weights beside it."
        case .graph: "The final model in ONNX, the features' normalisation included."
        case .metrics: "Every metric, a row per step."
        case .rates: "The learning rate and momentum that each update used."
        case .specification: "The job with every default filled in, to be submitted again."
        }
    }
}
