import Schedules
import Testing

@Suite struct ScheduleWarningTests {
    private func warnings(
        _ json: String,
        _ totalSteps: Int = 1000,
        stepsPerEpoch: Int = 10
    ) throws -> [String] {
        try schedule(json).warnings(for: makeRun(totalSteps, stepsPerEpoch: stepsPerEpoch))
            .map(\.description)
    }

    @Test(arguments: [
        (
            #"{"type": "constant", "learning_rate": 11}"#,
            "learning_rate: 11 is an unusually high learning rate"
        ),
        (
            #"{"type": "constant", "learning_rate": 1, "warmup": {"length": "100%"}}"#,
            "warmup.length: the peak falls on step 1000, past the last of 1000 steps"
        ),
        (
            #"{"type": "cosine", "learning_rate": 1, "over": "2000ba"}"#,
            "over: 2000ba is 2000 steps, but only 1000 are left for it"
        ),
        (
            #"{"type": "multi_step", "learning_rate": 1, "milestones": {"steps": [30, 60]}}"#,
            "milestones: the steps 30, 60 all lie in the first of 100 epochs; "
                + #"for epochs write {"epochs": [30, 60]}"#
        ),
        (
            #"{"type": "multi_step", "learning_rate": 1, "milestones": {"epochs": [30, 200]}}"#,
            "milestones[1]: 200ep is step 2000, past the 1000 steps that it is in"
        ),
        (
            #"{"type": "sequence", "learning_rate": 1, "phases": [{"type": "constant", "length": "60%"}, {"type": "cosine", "length": "30%"}]}"#,
            "phases: they are 900 steps of 1000; the last goes on to the end"
        ),
    ])
    func `what is legal and looks wrong is said`(json: String, sentence: String) throws {
        #expect(try warnings(json) == [sentence])
    }

    @Test(arguments: [
        #"{"type": "constant", "learning_rate": 10}"#,
        #"{"type": "cosine", "learning_rate": 1, "warmup": {"length": "5%"}}"#,
        #"{"type": "multi_step", "learning_rate": 1, "milestones": {"epochs": [30, 60]}}"#,
        #"{"type": "multi_step", "learning_rate": 1, "milestones": {"steps": [300, 600]}}"#,
        #"{"type": "cosine", "learning_rate": 1, "over": "1000ba"}"#,
        #"{"type": "step", "learning_rate": 1, "every": {"epochs": 30}}"#,
        #"{"type": "inverse_square_root", "learning_rate": 1}"#,
        #"{"type": "power", "learning_rate": 1, "timescale": "2000ba"}"#,
        #"{"type": "sequence", "learning_rate": 1, "phases": [{"type": "constant", "length": "60%"}, {"type": "cosine"}]}"#,
    ])
    func `what looks right is not`(json: String) throws {
        #expect(try warnings(json).isEmpty)
    }
}
