import Crypto
import Foundation
import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite struct MetricsBatchTests {
    private func update(_ rate: Double, momentum: Double = 0.9) -> RunChannel.Update {
        RunChannel.Update(
            learningRate: rate,
            momentum: momentum,
            loss: rate * 10,
            gradientNorm: rate * 100,
            updateToWeightRatio: rate > 0 ? rate / 100 : nil,
            rows: 50,
            seconds: 0.25,
            elapsed: 3
        )
    }

    private var batch: MetricsBatch {
        var batch = MetricsBatch(fromStep: 7)
        batch.append(update(0.1))
        batch.append(update(0.05))
        batch.append(update(0, momentum: 0.85))
        return batch
    }

    @Test func `digests what was applied as another program does`() {
        // Python: sha256(struct.pack(">6d", 0.1, 0.9, 0.05, 0.9, 0.0, 0.85)).hexdigest()
        #expect(
            batch.appliedDigest
                == "8a9218cf89a90d7779f5c7f1f85413515942648d1b8b442e5962c59cee4166c4"
        )
    }

    @Test func `digests nothing to the hash of no bytes`() {
        let digest = SHA256.hash(data: Data()).map { String(format: "%02x", $0) }.joined()
        #expect(MetricsBatch(fromStep: 0).appliedDigest == digest)
    }

    @Test func `holds a column of each metric over its steps`() {
        let columns = Dictionary(uniqueKeysWithValues: batch.series.map { ($0.name, $0) })
        #expect((batch.fromStep, batch.toStep, batch.stepCount) == (7, 10, 3))
        #expect(columns["learning_rate"]?.values == [0.1, 0.05, 0])
        #expect(columns["momentum"]?.values == [0.9, 0.9, 0.85])
        #expect(columns["train_loss"]?.values == [1, 0.5, 0])
        #expect(columns["gradient_norm"]?.values == [10, 5, 0])
        #expect(columns["learning_rate"]?.steps == nil)
        #expect(columns["samples_per_second"]?.steps == [10])
        #expect(columns["samples_per_second"]?.values == [200])
        #expect(columns["seconds"]?.steps == [10])
        #expect(columns["update_to_weight_ratio"]?.steps == [7, 8])
        #expect(columns["update_to_weight_ratio"]?.values == [0.001, 0.0005])
        #expect(columns["steps_per_second"]?.values == [4])
        #expect(columns["seconds"]?.values == [3])
    }

    @Test func `gathers values of one name in one series`() {
        var batch = MetricsBatch(fromStep: 0)
        #expect(batch.isEmpty)
        batch.append("validation_loss", at: 10, 0.5)
        batch.append("validation_accuracy", at: 10, 0.75)
        batch.append("validation_loss", at: 20, 0.25)
        #expect(!batch.isEmpty)
        #expect(
            batch.series == [
                .init(name: "validation_loss", steps: [10, 20], values: [0.5, 0.25]),
                .init(name: "validation_accuracy", steps: [10], values: [0.75]),
            ]
        )
    }

    @Test func `goes on where the batch before ended`() {
        let next = MetricsBatch(following: batch)
        #expect((next.fromStep, next.toStep) == (10, 10))
        #expect(next.updateSeconds == 0.75)
        #expect(next.isEmpty)
        #expect(next.byteCount == 0)
    }
}
