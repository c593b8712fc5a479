internal import HTTP
internal import Schedules
internal import TrainingAPI

/// What jobs can be made of: models, optimizers, schedules.
struct CatalogueRoutes {
    func register(on router: inout Router) {
        let models = Self.list(ModelSpecification.types)
        router.answer(.get, "/v1/models/types") { request in
            Answer.tagged(models, for: request)
        }
        let optimizers = Self.list(OptimizerSpecification.types)
        router.answer(.get, "/v1/optimizers/types") { request in
            Answer.tagged(optimizers, for: request)
        }
        let schedules = Self.list(ScheduleCatalogue.types)
        router.answer(.get, "/v1/schedules/types") { request in
            Answer.tagged(schedules, for: request)
        }
    }

    /// A whole list; its items fit one page.
    private static func list(_ items: [some JSONWritable]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("items", items)
            writer.field("next_cursor", String?.none)
        }
        return writer.bytes
    }
}
