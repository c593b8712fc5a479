// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

// A target may depend only on targets of a lower level; Tests/ArchitectureTests keeps it so.
let package = Package(
    name: "lehr",
    products: [
        .library(name: "Schedules", targets: ["Schedules"]),
        .library(name: "HTTP", targets: ["HTTP"]),
        .library(name: "TrainingClient", targets: ["TrainingClient"]),
        .executable(name: "lehrd", targets: ["lehrd"]),
        .executable(name: "lehr", targets: ["lehr"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Level 0
        library("Schedules"),
        library("HTTP", []),
        library("Jobs", [collections]),
        // Level 1
        library("Datasets", [crypto]),
        library("TrainingAPI", ["Schedules", yams]),
        library("JobsSQLite", ["Jobs", grdb]),
        // Level 2
        library("Training", ["Datasets", "TrainingAPI"]),
        library("TrainingClient", ["TrainingAPI"]),
        // Level 3
        library(
            "TrainingService",
            ["HTTP", "Jobs", "TrainingAPI", "Schedules", "Datasets", crypto, logging]),
        library("TrainingWorker", ["TrainingClient", "TrainingAPI", "Training", crypto, logging]),
        // Level 4
        executable(
            "lehrd", ["TrainingService", "TrainingWorker", "JobsSQLite", arguments, logging]),
        executable("lehr", ["TrainingClient", "Schedules", arguments]),
        // Tests
        tests("SchedulesTests", ["Schedules"], resources: [.copy("Golden")]),
        tests("HTTPTests", ["HTTP"]),
        tests("JobsTests", ["Jobs", "JobsSQLite"]),
        tests("DatasetsTests", ["Datasets"]),
        tests("TrainingAPITests", ["TrainingAPI", "Schedules"]),
        tests("TrainingTests", ["Training", "Datasets", "TrainingAPI"]),
        tests("TrainingClientTests", ["TrainingClient", "HTTP", "TrainingAPI"]),
    ]
)
