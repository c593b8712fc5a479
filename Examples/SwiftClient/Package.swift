// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "compare-rates",
    dependencies: [.package(name: "lehr", path: "../..")],
    targets: [
        .executableTarget(
            name: "CompareRates",
            dependencies: [.product(name: "TrainingClient", package: "lehr")]
        )
    ]
)
