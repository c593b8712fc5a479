import TrainingAPI

extension TrainingSession {
    /// Every array on which later bits depend where the counters are `counters`.
    ///
    /// A resumed training is equal bit for bit as long as this list and `SessionCounters` are whole: what
    /// a session remembers from one update to the next stands in one of them.
    func stateArrays(_ counters: SessionCounters) -> [StateArray] {
        let tensors = shape.parameters.stateTensors
        let statistics = shape.buffers.stateTensors
        var arrays = [
            StateArray(name: "model", buffer: parameters, tensors: tensors),
            StateArray(name: "buffers", buffer: buffers, tensors: statistics),
        ]
        for (place, slot) in optimizer.slots.enumerated() {
            arrays.append(StateArray(name: "optimizer.\(place)", buffer: slot, tensors: tensors))
        }
        if let average {
            arrays.append(StateArray(name: "average", buffer: average, tensors: tensors))
        }
        // What a rollback goes back to is a copy of each of these.
        arrays += zip(arrays, snapshot).map { array, copy in
            StateArray(name: "rollback.\(array.name)", buffer: copy, tensors: array.tensors)
        }
        if counters.hasBest {
            arrays.append(StateArray(name: "best", buffer: best, tensors: tensors))
            arrays.append(
                StateArray(name: "best_buffers", buffer: bestBuffers, tensors: statistics)
            )
        }
        return arrays
    }

    /// Copies the state out, as fast as memory is copied.
    ///
    /// Throws where there is no memory for the copy.
    package func captureState() throws(TrainingError) -> TrainingState {
        try TrainingState(stateArrays(counters), counters: counters)
    }

    /// Goes on from `state` instead: the next update is that of place `state.step`.
    ///
    /// Throws `unfit`, and changes nothing, where the state is that of another model or optimizer.
    package func restore(_ state: TrainingState) throws(TrainingError) {
        try state.restore(stateArrays(state.counters))
        counters = state.counters
    }
}
