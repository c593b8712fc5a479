import Testing
import TrainingAPI

@testable import lehr

@Suite struct AssignmentTests {
    private func applied(_ texts: String..., to json: String) throws -> String {
        let document = try JSONReader.read(Array(json.utf8)).document
        let edited = try texts.reduce(document) { try Assignment($1).applied(to: $0) }
        return String(decoding: edited.json(), as: UTF8.self)
    }

    @Test(arguments: [
        ("seed=3", #"{"seed":3}"#), ("seed=0.5", #"{"seed":0.5}"#),
        ("seed=three", #"{"seed":"three"}"#),
        ("seed=\"3\"", #"{"seed":"3"}"#), ("seed=null", #"{"seed":null}"#),
        ("seed=true", #"{"seed":true}"#), ("seed=[1, 2]", #"{"seed":[1,2]}"#),
        ("seed={steps: 5}", #"{"seed":{"steps":5}}"#), ("seed=a=b", #"{"seed":"a=b"}"#),
        ("seed=10%", #"{"seed":"10%"}"#),
    ])
    func `reads the value as YAML does`(text: String, result: String) throws {
        #expect(try applied(text, to: #"{"seed": 1}"#) == result)
    }

    @Test func `keeps everything else in its place`() throws {
        let json = #"{"a":1,"optimizer":{"type":"sgd","momentum":0.9},"z":[1,{"b":2}]}"#
        #expect(
            try applied("optimizer.momentum=0.95", "z.1.b=3", "z.0=0", to: json)
                == #"{"a":1,"optimizer":{"type":"sgd","momentum":0.95},"z":[0,{"b":3}]}"#
        )
    }

    @Test func `makes the objects on the way`() throws {
        #expect(
            try applied("schedule.warmup.length=5%", "labels.team=x", to: #"{"labels":null}"#)
                == #"{"labels":{"team":"x"},"schedule":{"warmup":{"length":"5%"}}}"#
        )
    }

    @Test(arguments: [
        ("seed", "--set seed: write a field and its value, such as optimizer.momentum=0.95"),
        ("=1", "--set =1: a name before the = is empty"),
        ("a..b=1", "--set a..b=1: a name before the = is empty"),
        ("seed=", "--set seed=: there is no value; write null or \"\" for an empty one"),
    ])
    func `refuses what assigns nothing`(text: String, message: String) {
        #expect {
            try Assignment(text)
        } throws: {
            "\($0)" == message
        }
    }

    @Test(arguments: [
        ("seed.x=1", "--set seed.x=1: seed is 1, which has no field x"),
        (
            "hidden.2=1",
            "--set hidden.2=1: hidden is a list of 2; write an index below 2 in place of 2"
        ),
        (
            "hidden.x=1",
            "--set hidden.x=1: hidden is a list of 2; write an index below 2 in place of x"
        ),
    ])
    func `refuses a way through what has no parts`(text: String, message: String) {
        #expect {
            try applied(text, to: #"{"seed": 1, "hidden": [8, 8]}"#)
        } throws: {
            "\($0)" == message
        }
    }
}
