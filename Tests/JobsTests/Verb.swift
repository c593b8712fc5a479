import Foundation
import Jobs

/// A verb that changes a store, as a value.
enum Verb {
    case accept(JobSubmission, Idempotency?)
    case act(JobAction, JobID, Date)
    case edit(EditRequest)
    case delete(JobID)
    case removeJobs(Date, Int)
    case attach(ArtifactCommit)
    case discard(Int, JobID)
    case lease(LeaseRequest)
    case renew(LeaseKey, Int?)
    case revive(LeaseKey, Date)
    case report(JobReport)
    case commit(CheckpointCommit)
    case complete(JobCompletion)
    case abandon(LeaseAbandonment)
    case put(DocumentSubmission)
    case deleteDocument(DocumentID, DocumentCondition)

    func run(on store: some JobStore) -> Outcome {
        do {
            switch self {
            case .accept(let submission, let key):
                return .acceptance(try store.accept(submission, idempotency: key))
            case .act(let action, let id, let now):
                return .job(try store.act(action, on: id, at: now))
            case .edit(let request): return .edited(try store.edit(request))
            case .delete(let id): return .files(try store.delete(id))
            case .removeJobs(let instant, let limit):
                return .removals(try store.removeJobs(endedBefore: instant, limit: limit))
            case .attach(let commit): return .files([try store.attach(commit)].compactMap(\.self))
            case .discard(let step, let id):
                try store.discardCheckpoint(at: step, of: id)
                return .done
            case .lease(let request): return .leased(try store.lease(request))
            case .renew(let key, let through):
                return .leased(try store.renew(key, grantedThrough: through))
            case .revive(let key, let now): return .leased(try store.revive(key, at: now))
            case .report(let report): return .receipt(try store.report(report))
            case .commit(let commit): return .committed(try store.commit(commit))
            case .complete(let completion): return .finished(try store.finish(completion))
            case .abandon(let abandonment): return .jobs(try store.abandon(abandonment))
            case .put(let submission): return .document(try store.put(submission))
            case .deleteDocument(let id, let condition):
                return .removal(try store.deleteDocument(id, condition: condition))
            }
        } catch {
            return .error(error)
        }
    }
}

/// What a verb returned or threw.
enum Outcome: Equatable {
    case acceptance(Acceptance)
    case job(JobRecord)
    case edited(ActionReceipt)
    case removals([JobRemoval])
    case jobs([JobRecord])
    case leased(LeasedJob?)
    case receipt(ReportReceipt)
    case document(DocumentReceipt)
    case removal(DocumentRemoval)
    case committed(CheckpointReceipt)
    case finished(CompletionReceipt)
    case files([StoredFile])
    case done
    case error(JobStoreError)
}
