public import Schedules

/// The numbers that a job's specification and its dataset fix before the job runs.
public struct JobPlan: Hashable, Sendable {
    /// The rows that are trained on; `nil` for a script.
    public let trainingRows: Int?
    /// The rows that are validated on, 0 where there is no validation; `nil` for a script.
    public let validationRows: Int?
    /// The updates in one epoch.
    public let stepsPerEpoch: Int
    /// The updates in the whole run; 0 for a command that asks for no rates.
    public let totalSteps: Int
    /// The updates between validations.
    public let evaluationInterval: Int
    /// The model's trainable numbers; `nil` for a script.
    public let parameters: Int?
    /// The hash of the dataset's contents; `nil` for a script.
    public let datasetHash: String?
    /// The most bytes that the run takes for weights, optimizer and batches; `nil` for a script.
    public let memory: Int?
    /// The multiplications of the run and of making its data, about; `nil` for a script.
    public let operations: Double?
    /// The schedule in the units of this run.
    public let schedule: ResolvedSchedule
}

extension JobSpecification {
    /// The most updates that a run may have.
    public static let stepLimit = 1_000_000_000
    /// The bytes that a run may take where the service sets no other limit: 4 GiB.
    public static let standardMemoryLimit = 4 << 30

    /// Fits the job to its dataset, or reports what does not fit.
    ///
    /// - Parameters:
    ///   - facts: The dataset.
    ///   - memoryLimit: The most bytes that the run may take.
    ///   - pointer: Where the job stands in its document.
    ///   - context: Collects the faults and warnings.
    /// - Returns: The plan; `nil` where something was reported.
    public func plan(
        for facts: DatasetFacts,
        memoryLimit: Int = standardMemoryLimit,
        at pointer: Pointer = .root,
        _ context: inout DecodingContext
    ) -> JobPlan? {
        guard let (training, validation) = rows(of: facts, at: pointer, &context) else {
            return nil
        }
        guard !dropLast || training >= updateRows else {
            let factor =
                gradientAccumulation == 1
                ? "" : " times gradient_accumulation \(gradientAccumulation)"
            context.report(
                pointer.appending("drop_last"),
                .conflict,
                "batch_size \(batchSize)\(factor) is more than the \(training) training rows, so"
                    + " drop_last leaves no batch; write a batch_size of at most"
                    + " \(max(1, training / gradientAccumulation))"
            )
            return nil
        }
        let stepsPerEpoch =
            dropLast ? training / updateRows : (training + updateRows - 1) / updateRows
        let total: Double =
            switch duration {
            case .steps(let count): Double(count)
            case .epochs(let count): max(1, (count * Double(stepsPerEpoch)).rounded())
            }
        guard total <= Double(Self.stepLimit) else {
            context.report(
                pointer.appending("epochs"),
                .range,
                "the run would have \(shortest(total)) steps; the limit is \(Self.stepLimit)"
            )
            return nil
        }
        checkMonitors(facts, validationRows: validation, at: pointer, &context)
        dataset.check(against: facts, at: pointer.appending("dataset"), &context)
        let model = shape(
            for: facts,
            trainingRows: training,
            validationRows: validation,
            memoryLimit: memoryLimit,
            at: pointer,
            &context
        )
        let run: Run
        do throws(ScheduleError) {
            run = try Run(totalSteps: Int(total), stepsPerEpoch: stepsPerEpoch)
        } catch {
            context.report(error, at: pointer)
            return nil
        }
        guard
            let resolved = schedule.resolve(for: run, at: pointer.appending("schedule"), &context)
        else { return nil }
        checkOptimizer(resolved, layout: model?.shape.parameters, at: pointer, &context)
        guard let model, context.isValid else { return nil }
        let interval = evaluate.every.steps(in: run)
        warnOfEarlyStop(resolved, evaluationInterval: interval, at: pointer, &context)
        return JobPlan(
            trainingRows: training,
            validationRows: validation,
            stepsPerEpoch: stepsPerEpoch,
            totalSteps: Int(total),
            evaluationInterval: interval,
            parameters: model.shape.parameterCount,
            datasetHash: facts.hash,
            memory: model.memory,
            operations: operations(
                of: model.shape,
                facts,
                totalSteps: Int(total),
                evaluations: (Int(total) + interval - 1) / interval,
                validationRows: validation
            ),
            schedule: resolved
        )
    }

    /// The rows that are trained and validated on.
    private func rows(
        of facts: DatasetFacts,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> (training: Int, validation: Int)? {
        let place = pointer.appending("dataset").appending("validation")
        let all = facts.rows["train"] ?? 0
        switch dataset.validation {
        case .none:
            return (all, 0)
        case .split(let name):
            guard name != "train", name != "test", let rows = facts.rows[name] else {
                let names = facts.rows.keys.filter { $0 != "train" && $0 != "test" }.sorted()
                let right =
                    names.isEmpty
                    ? "\(facts.name) has no split to validate on; write {\"fraction\": 0.1}"
                    : "it must be one of \(names.joined(separator: ", "))"
                context.report(
                    place.appending("split"),
                    .range,
                    "\"\(name)\" cannot be validated on; \(right)"
                )
                return nil
            }
            return (all, rows)
        case .fraction(let fraction, _, _):
            let validation = Int((fraction * Double(all)).rounded())
            guard validation > 0, validation < all else {
                context.report(
                    place.appending("fraction"),
                    .range,
                    "\(shortest(fraction)) of \(grouped(all)) rows leaves "
                        + (validation > 0 ? "no row to train on" : "no row to validate on")
                )
                return nil
            }
            return (all - validation, validation)
        }
    }
}

extension DatasetSpecification {
    /// Reports what is asked of the rows that they cannot have.
    func check(
        against facts: DatasetFacts,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        if augmentation.needsImages, !facts.isImages {
            context.report(
                pointer.appending("augmentation"),
                .conflict,
                "\(facts.name) has no images to crop, flip or erase; mixup alone is for tables too"
            )
        }
        if let padding = augmentation.cropPadding, facts.isImages,
            padding >= min(facts.shape[0], facts.shape[1])
        {
            context.report(
                pointer.appending("augmentation").appending("random_crop").appending("padding"),
                .range,
                "\(padding) pixels are no less than the images of \(facts.shape[0]) by"
                    + " \(facts.shape[1]) have"
            )
        }
        if case .values = facts.target, labelNoise > 0 {
            context.report(
                pointer.appending("label_noise"),
                .conflict,
                "\(facts.name) has values to predict, and no labels to make wrong"
            )
        }
    }
}
