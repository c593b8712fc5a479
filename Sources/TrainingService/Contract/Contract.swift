internal import CContract

/// The service's contract, which stands in the repository as `openapi.yaml`.
enum Contract {
    /// OpenAPI 3.1 in YAML.
    static let text = Array(String(cString: lehr_contract()).utf8)
}
