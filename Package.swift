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
    _ name: String,
    _ dependencies: [Target.Dependency],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        resources: resources,
        swiftSettings: strict
    )
}

let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

// A target may depend only on targets of a lower level; Tests/ArchitectureTests keeps it so.
let package = Package(
    name: "lehr",
    products: [
        .library(name: "Schedules", targets: ["Schedules"]),
        .library(name: "HTTP", targets: ["HTTP"]),
        .library(name: "HTTPTLS", targets: ["HTTPTLS"]),
        .library(name: "TrainingClient", targets: ["TrainingClient"]),
        .executable(name: "lehrd", targets: ["lehrd"]),
        .executable(name: "lehr", targets: ["lehr"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Level 0
        library("Schedules"),
        .systemLibrary(name: "CHTTPSockets"),
        .systemLibrary(name: "CProcesses"),
        library("HTTP", ["CHTTPSockets", "CZlib"]),
        library("Jobs"),
        library("Archives", ["CZlib"]),
        library("Processes"),
        .target(name: "CContract", exclude: ["openapi.yaml"]),
        .target(name: "CKernels"),
        .target(name: "CDNNL"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "COpenSSL"),
        // Level 1
        library("HTTPTLS", ["HTTP", "COpenSSL"]),
        library("Datasets", ["Archives", "CKernels", "CZlib", crypto]),
        library("TrainingAPI", ["Schedules", yams]),
        library("JobsSQLite", ["Jobs", grdb, sqlite]),
        // Level 2
        library("DatasetPlans", ["Datasets", "TrainingAPI"]),
        .systemLibrary(name: "CCurl"),
        library("TrainingClient", ["TrainingAPI", "CCurl"]),
        // Level 3
        library("Training", ["DatasetPlans", "Datasets", "TrainingAPI", "CKernels", "CDNNL"]),
        library(
            "TrainingService",
            [
                "HTTP", "Jobs", "TrainingAPI", "Schedules", "DatasetPlans", "Datasets", "Archives",
                "CContract",
                crypto, logging,
            ]
        ),
        // Level 4
        library(
            "TrainingWorker",
            [
                "TrainingClient", "TrainingAPI", "Training", "DatasetPlans", "Datasets", "Archives",
                "Processes", "CProcesses",
                crypto, logging,
            ]
        ),
        // Level 5
        executable(
            "lehrd",
            [
                "TrainingService", "TrainingWorker", "TrainingClient", "JobsSQLite", "Jobs", "HTTP",
                "HTTPTLS", "Datasets", "Processes", arguments, crypto, logging,
            ]
        ),
        executable(
            "lehr",
            ["TrainingClient", "TrainingAPI", "Schedules", "CZlib", arguments]
        ),
        // Benchmarks
        .executableTarget(
            name: "TrainingBenchmark",
            dependencies: [
                "Training", "DatasetPlans", "Datasets", "TrainingAPI", "CDNNL", "AllocationCount",
            ],
            path: "Benchmarks/training",
            exclude: ["compare.py", "peer.py", "seeds.py"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ScheduleBenchmark",
            dependencies: ["Schedules", "AllocationCount"],
            path: "Benchmarks/schedules",
            exclude: ["compare.py"],
            swiftSettings: strict
        ),
        // Tests
        .target(name: "AllocationCount", path: "Tests/AllocationCount"),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("ArchitectureTests", []),
        tests("ContractTests", ["TestSupport", yams]),
        tests("EndToEndTests", ["TestSupport"]),
        tests(
            "SchedulesTests",
            ["Schedules", "AllocationCount", "TestSupport"],
            resources: [.copy("Golden")]
        ),
        tests(
            "HTTPTests",
            ["HTTP", "HTTPTLS", "COpenSSL", "CZlib"],
            resources: [
                .copy("Fuzzing/request-parser.corpus"), .copy("TLS/Certificates"),
            ]
        ),
        tests("JobsTests", ["Jobs", "JobsSQLite", "TestSupport", grdb, sqlite]),
        tests("ArchivesTests", ["Archives", "TestSupport"]),
        tests("DatasetsTests", ["Datasets", crypto]),
        tests(
            "TrainingAPITests",
            ["TrainingAPI", "Schedules"],
            resources: [.copy("Fuzzing/job-decoder.corpus")]
        ),
        tests(
            "TrainingTests",
            ["Training", "Datasets", "TrainingAPI", "TestSupport"],
            resources: [.copy("Golden")]
        ),
        tests("TrainingClientTests", ["TrainingClient", "TrainingAPI"]),
        tests(
            "TrainingServiceTests",
            [
                "TrainingService", "HTTP", "Jobs", "TrainingAPI", "Schedules", "Datasets",
                "TestSupport", crypto, logging,
            ]
        ),
        tests(
            "TrainingWorkerTests",
            ["TrainingWorker", "TrainingClient", "TrainingAPI", "Datasets", crypto, logging]
        ),
        tests(
            "LehrTests",
            [
                "lehr", "TrainingClient", "TrainingAPI", "Schedules", "HTTP", "TestSupport",
                arguments,
            ]
        ),
    ]
)

/// A program around libFuzzer's loop; `shared` is what it has in common with a test.
func fuzzer(_ name: String, _ dependency: String, shared: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: [.target(name: dependency)],
        path: "Tests",
        sources: ["Fuzz/\(name).swift", shared],
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
    )
}

// Scripts/fuzz alone builds the fuzzers: everything in them must be compiled for coverage.
if Context.environment["LEHR_FUZZ"] != nil {
    package.targets.removeAll { $0.type == .test }
    package.targets += [
        fuzzer(
            "RequestParserFuzzer",
            "HTTP",
            shared: "HTTPTests/Fuzzing/ParserAgreement.swift"
        ),
        fuzzer(
            "JobDecoderFuzzer",
            "TrainingAPI",
            shared: "TrainingAPITests/Fuzzing/JobAgreement.swift"
        ),
    ]
}
