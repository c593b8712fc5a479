internal import Foundation

extension TorchMaking {
    /// The schedulers that are one recursion.
    static let rules: [TorchMaking] = [
        TorchMaking("LambdaLR", ["table": nil]) { (arguments, optimizer) throws(LibraryFailure) in
            let table = try arguments.numbers("table")
            guard let last = table.last else { throw .value("table is empty") }
            return try TorchRule(&optimizer, savesParameters: false) { epoch, base, _, _ in
                base * (Int(epoch) < table.count ? table[Int(epoch)] : last)
            }
        },
        TorchMaking("MultiplicativeLR", ["constant": nil]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let factor = try arguments.number("constant")
            return try TorchRule(&optimizer, savesParameters: false) { _, _, optimizer, initial in
                initial ? optimizer.rate : optimizer.rate * factor
            }
        },
        TorchMaking("StepLR", ["step_size": nil, "gamma": 0.1]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let size = try arguments.number("step_size")
            let gamma = try arguments.number("gamma")
            return try TorchRule(
                &optimizer,
                closedForm: { (epoch, base) throws(LibraryFailure) in
                    base
                        * (try PythonNumber.power(
                            gamma,
                            PythonNumber.divideDown(epoch, size).quotient
                        ))
                }
            ) { (epoch, _, optimizer, _) throws(LibraryFailure) in
                guard epoch != 0, try PythonNumber.divideDown(epoch, size).remainder == 0 else {
                    return optimizer.rate
                }
                return optimizer.rate * gamma
            }
        },
        TorchMaking("MultiStepLR", ["milestones": nil, "gamma": 0.1]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let milestones = try arguments.numbers("milestones").sorted()
            let counts = Dictionary(milestones.map { ($0, 1.0) }, uniquingKeysWith: +)
            let gamma = try arguments.number("gamma")
            return try TorchRule(
                &optimizer,
                closedForm: { (epoch, base) throws(LibraryFailure) in
                    let passed = PythonNumber.bisectRight(milestones, epoch)
                    return base * (try PythonNumber.power(gamma, Double(passed)))
                }
            ) { (epoch, _, optimizer, _) throws(LibraryFailure) in
                guard let here = counts[epoch] else { return optimizer.rate }
                return optimizer.rate * (try PythonNumber.power(gamma, here))
            }
        },
        TorchMaking("ConstantLR", ["factor": .number(1.0 / 3), "total_iters": 5]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let factor = try arguments.number("factor")
            let total = try arguments.number("total_iters")
            guard factor >= 0, factor <= 1 else {
                throw .value("factor must be between 0 and 1, got \(factor.plain)")
            }
            return try TorchRule(
                &optimizer,
                closedForm: { epoch, base in base * (factor + (epoch >= total ? 1 - factor : 0)) }
            ) { (epoch, _, optimizer, _) throws(LibraryFailure) in
                if epoch == 0 { return optimizer.rate * factor }
                guard epoch == total else { return optimizer.rate }
                return optimizer.rate * (try PythonNumber.divide(1, factor))
            }
        },
        linear,
        TorchMaking("ExponentialLR", ["gamma": nil]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let gamma = try arguments.number("gamma")
            return try TorchRule(
                &optimizer,
                closedForm: { (epoch, base) throws(LibraryFailure) in
                    base * (try PythonNumber.power(gamma, epoch))
                }
            ) { _, _, optimizer, initial in
                initial ? optimizer.rate : optimizer.rate * gamma
            }
        },
        polynomial,
        cosine,
    ]

    private static let linear = TorchMaking(
        "LinearLR",
        ["start_factor": .number(1.0 / 3), "end_factor": 1, "total_iters": 5]
    ) { (arguments, optimizer) throws(LibraryFailure) in
        let start = try arguments.number("start_factor")
        let end = try arguments.number("end_factor")
        let total = try arguments.number("total_iters")
        guard start > 0, start <= 1 else {
            throw .value("start_factor must be above 0 and at most 1, got \(start.plain)")
        }
        guard end >= 0, end <= 1 else {
            throw .value("end_factor must be between 0 and 1, got \(end.plain)")
        }
        return try TorchRule(
            &optimizer,
            closedForm: { (epoch, base) throws(LibraryFailure) in
                let progress = try PythonNumber.divide((end - start) * min(total, epoch), total)
                return base * (start + progress)
            }
        ) { (epoch, _, optimizer, initial) throws(LibraryFailure) in
            if epoch == 0 { return optimizer.rate * start }
            if initial || epoch > total { return optimizer.rate }
            return optimizer.rate
                * (try 1
                    + PythonNumber.divide(
                        end - start,
                        total * start + (epoch - 1) * (end - start)
                    ))
        }
    }

    private static let polynomial = TorchMaking(
        "PolynomialLR",
        ["total_iters": 5, "power": 1]
    ) { (arguments, optimizer) throws(LibraryFailure) in
        let total = try arguments.number("total_iters")
        let power = try arguments.number("power")
        return try TorchRule(
            &optimizer,
            closedForm: { (epoch, base) throws(LibraryFailure) in
                let left = 1 - (try PythonNumber.divide(min(total, epoch), total))
                return base * (try PythonNumber.power(left, power))
            }
        ) { (epoch, _, optimizer, initial) throws(LibraryFailure) in
            if initial || epoch > total { return optimizer.rate }
            let left = 1 - (try PythonNumber.divide(epoch, total))
            let before = 1 - (try PythonNumber.divide(epoch - 1, total))
            return optimizer.rate
                * (try PythonNumber.power(PythonNumber.divide(left, before), power))
        }
    }

    private static let cosine = TorchMaking(
        "CosineAnnealingLR",
        ["T_max": nil, "eta_min": 0]
    ) { (arguments, optimizer) throws(LibraryFailure) in
        let period = try arguments.number("T_max")
        let least = try arguments.number("eta_min")
        return try TorchRule(
            &optimizer,
            closedForm: { (epoch, base) throws(LibraryFailure) in
                least + (base - least)
                    * (1 + cos(try PythonNumber.divide(.pi * epoch, period))) / 2
            }
        ) { (epoch, base, optimizer, initial) throws(LibraryFailure) in
            if initial { return optimizer.rate }
            let turn = try PythonNumber.divideDown(epoch - 1 - period, 2 * period).remainder
            if turn == 0 {
                return optimizer.rate + (base - least) * (1 - cos(.pi / period)) / 2
            }
            let ratio = try PythonNumber.divide(
                1 + cos(.pi * epoch / period),
                1 + cos(.pi * (epoch - 1) / period)
            )
            return ratio * (optimizer.rate - least) + least
        }
    }
}
