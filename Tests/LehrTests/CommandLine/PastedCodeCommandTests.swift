import Foundation
import Testing

@testable import lehr

@Suite(.timeLimit(.minutes(5))) struct PastedCodeCommandTests {
    /// The rates of a table.
    private static func rates(_ ending: LehrProcess.Ending) -> [Double] {
        ending.lines.dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
    }

    @Test(arguments: [
        ("--torch", "StepLR(optimizer, step_size=2, gamma=0.5)", [0.1, 0.1, 0.05]),
        (
            "--torch",
            "optimizer = SGD(model.parameters(), lr=0.1)\nscheduler = ExponentialLR(optimizer, 0.5)",
            [0.1, 0.05, 0.025]
        ),
        (
            "--keras", "PiecewiseConstantDecay(boundaries=[0, 1], values=[0.3, 0.2, 0.1])",
            [0.3, 0.2, 0.1]
        ),
        ("--optax", "optax.linear_schedule(1.0, 0.0, 4)", [1, 0.75, 0.5]),
        (
            "--transformers", "get_constant_schedule_with_warmup(optimizer, num_warmup_steps=2)",
            [0, 0.05, 0.1]
        ),
        ("--timm", "PolyLRScheduler(optimizer, t_initial=4, power=1.0)", [0.1, 0.075, 0.05]),
        ("--composer", "LinearScheduler(t_max='4ba')", [0.1, 0.075, 0.05]),
    ])
    func `code is previewed as its library runs it`(
        option: String,
        code: String,
        rates: [Double]
    ) async throws {
        let ending = try await LehrProcess.run(
            "schedule",
            "preview",
            option,
            code,
            "--learning-rate",
            "0.1",
            "--steps",
            "3",
            "--csv"
        )
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(zip(Self.rates(ending), rates).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(Self.rates(ending).count == 3)
    }

    @Test func `code is read from standard input with the lines around it`() async throws {
        let ending = try await LehrProcess.run(
            "schedule",
            "preview",
            "--torch",
            "-",
            "--csv",
            "--steps",
            "2",
            input: """
                from torch.optim.lr_scheduler import LinearLR
                opt = torch.optim.SGD(net.parameters(), lr=0.2)
                sched = LinearLR(opt, start_factor=0.5, total_iters=2)
                """
        )
        #expect(ending.lines.first == "step,learning_rate")
        // A rounding of the recursion, as PyTorch has it.
        #expect(Self.rates(ending) == [0.1, 0.15000000000000002])
    }

    @Test func `code that cannot be read is refused at its line and column`() async throws {
        let ending = try await LehrProcess.run(
            "schedule",
            "preview",
            "--torch",
            "StepLR(opt, size)"
        )
        #expect(ending.status == 2)
        #expect(ending.output == "")
        #expect(ending.errors.contains("--torch: line 1, column 13"))
    }

    @Test func `a conversion that is exact is a schedule that can be submitted`() async throws {
        let ending = try await LehrProcess.run(
            "schedule",
            "convert",
            "--torch",
            "CosineAnnealingLR(optimizer, T_max=100, eta_min=0.001)",
            "--learning-rate",
            "0.1"
        )
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(
            ending.lines.first
                == "# CosineAnnealingLR of torch: the same rate at each of 100 updates."
        )
        let file = FileManager.default.temporaryDirectory
            .appending(path: "lehr-\(ProcessInfo.processInfo.processIdentifier)-convert.yaml")
        defer { try? FileManager.default.removeItem(at: file) }  // It is the system's to clear.
        try ending.output.write(to: file, atomically: true, encoding: .utf8)
        let native = try await LehrProcess.run(
            "schedule",
            "preview",
            "--spec",
            file.path,
            "--steps",
            "100",
            "--csv"
        )
        let pasted = try await LehrProcess.run(
            "schedule",
            "preview",
            "--torch",
            "CosineAnnealingLR(optimizer, T_max=100, eta_min=0.001)",
            "--learning-rate",
            "0.1",
            "--steps",
            "100",
            "--csv"
        )
        #expect(Self.rates(native).count == 100)
        #expect(zip(Self.rates(native), Self.rates(pasted)).allSatisfy { abs($0 - $1) < 1e-13 })
    }

    @Test func `a conversion that is not says where and by how much, and ends with 5`()
        async throws
    {
        let ending = try await LehrProcess.run(
            "schedule",
            "convert",
            "--transformers",
            "get_cosine_schedule_with_warmup(opt, num_warmup_steps=0, num_training_steps=60)",
            "--learning-rate",
            "0.1",
            "--steps",
            "80"
        )
        #expect(ending.status == 5)
        #expect(ending.lines.first == "# cosine of transformers, with differences:")
        #expect(ending.output.contains("most at step 79"))
        #expect(ending.output.contains("\ntype: cosine\n"))
    }

    @Test func `what has no native counterpart ends with 2`() async throws {
        let ending = try await LehrProcess.run(
            "schedule",
            "convert",
            "--pytorch-optimizer",
            "PolyScheduler(opt, t_max=60, max_lr=0.1)",
            "--learning-rate",
            "0.1"
        )
        #expect(ending.status == 2)
        #expect(ending.errors.contains("has no native counterpart"))
    }
}
