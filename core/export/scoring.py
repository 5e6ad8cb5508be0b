"""The last sections: what the test set says, and the trained model as a file."""

from core.config import RunConfig
from core.export.fitting import Changes, has_own_classes
from core.export.section import Section

_CLASSES = """\
test_loss, test_accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test accuracy: {test_accuracy:.4f}")"""

_PREDICTED = "predicted = model.predict(x_test, verbose=0)"
_BACK = "\n# Back to the target's own units.\npredicted = target_scaler.inverse_transform(predicted)"
_MAE = '\nprint(f"test MAE: {np.abs(y_test - predicted).mean():.4f}")'
_R2 = '\nprint(f"test R2: {r2_score(y_test, predicted):.4f}")'
_NAIVE = '\nprint(f"MAE of the naive forecast: {naive_mae:.4f}")'
_HELLO = '\nprint(f"for x = 5 the network says {predicted[0, 0]:.2f}")'


def scoring_section(config: RunConfig) -> Section:
    """Prints the test accuracy, or the test MAE and R2 in the target's units."""
    text = "The examples that the network has never seen."
    if config.data.classes:
        return Section("Evaluation", text, _CLASSES)
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
        code += _NAIVE
    return Section("Evaluation", text, code, frozenset(imports))


def saving_section(config: RunConfig, changes: Changes) -> Section:
    """Writes model.keras into the folder that it runs in."""
    text = 'The trained network, to be opened again by keras.models.load_model("model.keras").'
    if not has_own_classes(config, changes):
        return Section("Saving", text, 'model.save("model.keras")')
    # load_model would ask for the classes.
    return Section("Saving", text + " Without its optimizer, whose schedule Keras does not know.",
                   'keras.Model(model.inputs, model.outputs).save("model.keras")')
