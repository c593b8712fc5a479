/// What to write in place of the names that people know from other tools.
enum Synonyms {
    /// `; write …` for a name of another tool, in the object at `pointer`.
    static func advice(for name: String, in pointer: Pointer) -> String? {
        if pointer.description.hasSuffix("/warmup"), let example = inWarmup[name] {
            return "; write `length`: \(example)"
        }
        let advice =
            pointer.description.contains("/schedule")
            ? inSchedule[name] ?? anywhere[name]
            : pointer.description == "/optimizer"
                ? inOptimizer[name] ?? anywhere[name]
                : anywhere[name]
        return advice.map { "; write \($0)" }
    }

    private static let anywhere: [String: String] = [
        "lr": "`schedule.learning_rate`",
        "learning_rate": "`schedule.learning_rate`",
        "eta": "`schedule.learning_rate`",
        "max_lr": "`schedule.learning_rate`, the peak",
        "base_lr": "`schedule.learning_rate`",
        "initial_learning_rate": "`schedule.learning_rate`",
        "scheduler": "`schedule`",
        "lr_scheduler": "`schedule`",
        "lr_scheduler_type": "`schedule.type`",
        "wd": "`optimizer.weight_decay`",
        "weight_decay": "`optimizer.weight_decay`",
        "momentum": "`optimizer.momentum`",
        "nesterov": "`optimizer.nesterov`",
        "betas": "`optimizer.betas`",
        "beta1": "`optimizer.betas`, a list of two numbers",
        "beta2": "`optimizer.betas`, a list of two numbers",
        "adam_beta1": "`optimizer.betas`, a list of two numbers",
        "adam_beta2": "`optimizer.betas`, a list of two numbers",
        "epsilon": "`optimizer.eps`",
        "adam_epsilon": "`optimizer.eps`",
        "optim": "`optimizer`",
        "gamma": "`schedule.factor`",
        "eta_min": "`schedule.to`, the rate at the end, or `schedule.floor`",
        "min_lr": "`schedule.to`, the rate at the end, or `schedule.floor`",
        "T_max": "`schedule.over`, a length such as {\"epochs\": 50}",
        "t_max": "`schedule.over`, a length such as {\"epochs\": 50}",
        "decay_steps": "`schedule.over`, a length such as {\"steps\": 1000}",
        "warmup_steps": "`schedule.warmup`: {\"length\": {\"steps\": 500}}",
        "num_warmup_steps": "`schedule.warmup`: {\"length\": {\"steps\": 500}}",
        "warmup_ratio": "`schedule.warmup`: {\"length\": {\"fraction\": 0.05}}",
        "warmup_epochs": "`schedule.warmup`: {\"length\": {\"epochs\": 1}}",
        "warmup": "`schedule.warmup`",
        "step_size": "`schedule.every`, a length such as {\"epochs\": 30}",
        "max_epochs": "`epochs`",
        "num_epochs": "`epochs`",
        "n_epochs": "`epochs`",
        "n_epoch": "`epochs`",
        "num_train_epochs": "`epochs`",
        "max_steps": "`steps`",
        "total_steps": "`steps`",
        "num_training_steps": "`steps`",
        "train_steps": "`steps`",
        "bs": "`batch_size`",
        "batch": "`batch_size`",
        "per_device_train_batch_size": "`batch_size`",
        "train_batch_size": "`batch_size`",
        "eval_batch_size": "`evaluation_batch_size`",
        "per_device_eval_batch_size": "`evaluation_batch_size`",
        "val_split": "`dataset.validation`: {\"fraction\": 0.1}",
        "validation_split": "`dataset.validation`: {\"fraction\": 0.1}",
        "validation": "`dataset.validation`",
        "hidden_dims": "`model.hidden`",
        "hidden_sizes": "`model.hidden`",
        "hidden_layer_sizes": "`model.hidden`",
        "layers": "`model.hidden`",
        "random_seed": "`seed`",
        "random_state": "`seed`",
        "manual_seed": "`seed`",
        "data": "`dataset`",
        "tags": "`labels`",
        "description": "`notes`",
        "drop_remainder": "`drop_last`",
        "retries": "`maximum_attempts`",
        "max_retries": "`maximum_attempts`",
    ]

    private static let inSchedule: [String: String] = [
        "lr": "`learning_rate`",
        "eta": "`learning_rate`",
        "max_lr": "`learning_rate`, the peak",
        "base_lr": "`learning_rate`",
        "name": "`type` for a kind of schedule",
        "gamma": "`factor`",
        "decay_rate": "`factor`",
        "eta_min": "`to`, the rate at the end, or `floor`",
        "min_lr": "`to`, the rate at the end, or `floor`",
        "end_learning_rate": "`to`",
        "T_max": "`over`, a length such as {\"epochs\": 50}",
        "t_max": "`over`, a length such as {\"epochs\": 50}",
        "total_steps":
            "`over`, a length such as {\"steps\": 1000}; the run's own length is `steps`",
        "decay_steps": "`over`, a length such as {\"steps\": 1000}",
        "step_size": "`every`, a length such as {\"epochs\": 30}",
        "warmup_steps": "`warmup`: {\"length\": {\"steps\": 500}}",
        "num_warmup_steps": "`warmup`: {\"length\": {\"steps\": 500}}",
        "warmup_ratio": "`warmup`: {\"length\": {\"fraction\": 0.05}}",
        "warmup_epochs": "`warmup`: {\"length\": {\"epochs\": 1}}",
        "T_0": "`first_cycle`, a length such as {\"epochs\": 10}",
        "T_mult": "`cycle_factor`",
        "pct_start": "`rise`, a length such as {\"fraction\": 0.3}",
        "step_size_up": "`rise`, a length such as {\"steps\": 2000}",
        "step_size_down": "`fall`, a length such as {\"steps\": 2000}",
        "div_factor": "`start_divisor`",
        "div": "`start_divisor`",
        "final_div_factor": "`end_divisor`",
        "div_final": "`end_divisor`",
        "max_momentum": "`momentum`: {\"high\": 0.95, \"low\": 0.85}",
        "base_momentum": "`momentum`: {\"high\": 0.95, \"low\": 0.85}",
        "cycle_momentum": "`momentum`, null for none",
        "end_factor": "`to`: {\"fraction_of_peak\": 0.1}",
        "min_lr_ratio": "`to`: {\"fraction_of_peak\": 0.1}",
        "num_decay_steps": "`cooldown`, a length such as {\"steps\": 1000}",
        "min_delta": "`threshold`",
        "warmup_init_lr": "`warmup.from`",
        "warmup_lr_init": "`warmup.from`",
        "warmup_start_lr": "`warmup.from`",
    ]

    /// The units of a length where a warm-up stands.
    private static let inWarmup: [String: String] = [
        "steps": "{\"steps\": 500}",
        "epochs": "{\"epochs\": 1}",
        "fraction": "{\"fraction\": 0.05}",
    ]

    private static let inOptimizer: [String: String] = [
        "lr": "`schedule.learning_rate`",
        "wd": "`weight_decay`",
        "beta1": "`betas`, a list of two numbers",
        "beta2": "`betas`, a list of two numbers",
        "epsilon": "`eps`",
        "name": "`type`",
    ]
}
