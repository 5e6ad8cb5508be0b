"""The last sections of the script: the score on the test set, and saving the trained model."""

from core.catalog.losses import LOSSES
from core.export.fitting import Changes, has_own_classes
from core.export.hidden_words import EVALUATION
from core.export.section import Section
from core.metrics.season import season_of
from core.runs.config import RunConfig

_CLASSES = """\
test_loss, test_accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test accuracy: {test_accuracy:.4f}")"""

_PREDICTED = "predicted = model.predict(x_test, verbose=0)"
_BACK = ("\n# The network predicts the standardized target; this converts it back to the original "
         "units.\npredicted = target_scaler.inverse_transform(predicted)")
_BACK_AGAIN = """\
given = np.reshape(x_test, (len(x_test), -1))
told = np.reshape(model.predict(x_test, verbose=0), (len(x_test), -1))
errors = np.sqrt(np.square(given - told).mean(axis=1))
print(f"test error: {errors.mean():.4f}")"""
# Of normal examples and of anomalies, as the playground tells them apart.
_DETECTED = _BACK_AGAIN.replace('print(f"test error: {errors.mean():.4f}")', """\
anomalous = ~np.isin(y_test, NORMAL)
print(f"test error: {errors[~anomalous].mean():.4f}")
print(f"error of anomalies: {errors[anomalous].mean():.4f}")
print(f"area under the ROC curve: {roc_auc_score(anomalous, errors):.4f}")""")
_MAE = '\nprint(f"test MAE: {np.abs(y_test - predicted).mean():.4f}")'
_R2 = '\nprint(f"test R2: {r2_score(y_test, predicted):.4f}")'
_NAIVE = '\nprint(f"MAE of the naive forecast: {naive_mae:.4f}")'
_SEASONAL = '\nprint(f"MAE of the seasonal naive forecast: {seasonal_mae:.4f}")'
_AHEAD = """

# Step by step: the first predicted step becomes the newest value of the next window.
window, steps = x_test, []
for _ in range(HORIZON):
    step = model.predict(window, verbose=0)[:, :1]{back}
    steps.append(step)
    window = np.concatenate([window[:, 1:], {newest}[:, :, np.newaxis]], axis=1)
recursive = np.concatenate(steps, axis=1)
for ahead in range(HORIZON):
    at_once, in_steps = (
        np.abs(y_test - told)[:, ahead].mean() for told in (predicted, recursive))
    print(f"MAE {{ahead + 1}} ahead: all at once {{at_once:.4f}}, step by step {{in_steps:.4f}}")"""
_HELLO = '\nprint(f"for x = 5 the network says {predicted[0, 0]:.2f}")'


def scoring_section(config: RunConfig) -> Section:
    """Prints the test accuracy, the test MAE and R2 in the target's units, or the error of inputs."""
    text = "Results on the test examples, which the network has never seen."
    if config.data.classes:
        return Section("Evaluation", text, _CLASSES)
    if config.data.guesses:
        return Section("Evaluation", text, EVALUATION)
    if config.data.detects:
        return Section("Evaluation", text, _DETECTED, frozenset({
            "import numpy as np", "from sklearn.metrics import roc_auc_score"}))
    if config.data.reconstructs:
        return Section("Evaluation", text, _BACK_AGAIN, frozenset({"import numpy as np"}))
    code, imports = _PREDICTED, set[str]()
    if config.scaling == "standard":
        code += _BACK
    code += _MAE
    if config.dataset == "hello":
        code += _HELLO
    else:
        code += _R2
        imports.add("from sklearn.metrics import r2_score")
    if config.data.task == "forecasting":
        code += _NAIVE + (_SEASONAL if season_of(config.data) else "")
        if config.data.outputs > 1:
            scaled = config.scaling == "standard"
            code += _AHEAD.format(newest="((step - mean) / deviation)" if scaled else "step", back=(
                "\n    step = step * target_scaler.scale_[0] + target_scaler.mean_[0]" if scaled else ""))
            imports.add("import numpy as np")
    return Section("Evaluation", text, code, frozenset(imports))


_CLASSIFIER = """\
# The network was trained on logits. With a softmax added, it returns probabilities.
classifier = keras.Model(model.inputs, keras.layers.Softmax()(model.outputs[0]))
classifier.save("model.keras")"""
_PLAIN = 'model.save("model.keras")'
_WITHOUT_OPTIMIZER = """\
# Saved without the optimizer, because load_model does not know the class of its schedule.
keras.Model(model.inputs, model.outputs).save("model.keras")"""


# For losses where it is not simply one probability per class.
_PROBABILITIES = {
    "binary_cross_entropy": "the probability of the second class",
    "categorical_hinge": "one number per class, which add up to 1; after training with hinge they show "
                         "which class is most likely, but they are not reliable probabilities"}


def saving_section(config: RunConfig, changes: Changes) -> Section:
    """Writes model.keras into the current folder; for classes, the saved model returns probabilities."""
    classes, standard = config.data.classes, config.scaling == "standard"
    if config.data.reconstructs:
        plain = _WITHOUT_OPTIMIZER if has_own_classes(config, changes) else _PLAIN
        text = ('keras.models.load_model("model.keras") opens the saved network again. It expects inputs '
                "that were prepared as in the section Data, and gives them back.")
        return Section("Saving", text, plain)
    if config.data.guesses:
        return Section("Saving", 'keras.models.load_model("model.keras") opens the saved network again. It '
                       "expects sentences that were prepared as in the section Data, and returns a "
                       "probability for each number of the vocabulary.", _CLASSIFIER)
    answers = (_PROBABILITIES.get(config.loss, "a probability for each class") if classes else
               "the standardized target, which target_scaler.inverse_transform converts back to the "
               "original units"
               if standard else "the target")
    text = ('keras.models.load_model("model.keras") opens the saved network again. It expects inputs that '
            f"were prepared as in the section Data, and returns {answers}.")
    if classes and LOSSES[config.loss].output == "linear":
        return Section("Saving", text, _CLASSIFIER)
    return Section("Saving", text, _WITHOUT_OPTIMIZER if has_own_classes(config, changes) else _PLAIN)
