import Foundation
import Schedules
import Testing

@Suite struct ScheduleCatalogueTests {
    @Test(arguments: ScheduleCatalogue.types)
    func `each entry says what it computes and where that is described`(type: ScheduleType) {
        #expect(!type.summary.isEmpty && !type.formula.isEmpty && !type.source.isEmpty)
        #expect(Set(type.parameters.map(\.name)).count == type.parameters.count)
        #expect(ScheduleCatalogue.type(named: type.name) == type)
    }

    @Test(arguments: ScheduleCatalogue.types)
    func `an unknown parameter is refused with those that are known`(type: ScheduleType) {
        let faults = type.faults(in: ["nonsense": .number(1)])
        #expect(
            faults.contains(.unknown("nonsense", allowed: type.parameters.map(\.name)))
        )
    }

    @Test(arguments: ScheduleCatalogue.types)
    func `defaults satisfy their own parameter`(type: ScheduleType) {
        for parameter in type.parameters {
            guard case .value(let value) = parameter.defaultValue else { continue }
            #expect(parameter.faults(in: value).isEmpty)
        }
    }
}
