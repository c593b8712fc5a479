internal import TrainingAPI

/// What a submission would be: the answer to `POST /v1/jobs?validate_only=true`.
struct ValidationBody: JSONWritable {
    let specification: JobWork
    let plan: JobPlan
    let warnings: [Fault]

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("spec", specification)
            writer.field("steps_per_epoch", plan.stepsPerEpoch)
            writer.field("total_steps", plan.totalSteps)
            writer.field("training_rows", plan.trainingRows)
            writer.field("validation_rows", plan.validationRows)
            writer.field("parameters", plan.parameters)
            writer.field("warnings", warnings)
        }
    }
}
