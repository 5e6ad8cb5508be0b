"""The configs that the Home page opens, which workers compile in advance."""

from core.runs.config import RunConfig

EXAMPLES: dict[str, RunConfig] = {
    "first": RunConfig(),
    "handwriting": RunConfig(
        dataset="mnist", architecture="cnn", learning_rate=0.001, epochs=5, validation_share=0.1,
        architecture_parameters={"padding": "valid"}),
    "rows": RunConfig(
        dataset="digits", architecture="rnn", activation="tanh", learning_rate=0.005, epochs=30),
}
