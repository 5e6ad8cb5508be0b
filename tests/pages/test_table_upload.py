"""A learner's own table on the page: uploaded, set up, trained on, and hidden from everyone else."""

import csv
import io

import pytest

from core.export import script
from core.runs.config import RunConfig
from core.runs.presets import good_start
from tests.pages.reading import address, said, unescaped
from ui.form import table_upload
from ui.form.permalink import to_params


def table(rows: int = 60) -> bytes:
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(["number", "height", "colour", "price", "kind"])
    for index in range(rows):
        height = 1.5 + index % 7 if index % 10 else ""
        write([index, height, ("red", "blue")[index % 2], 10.5 + index / 4, "ab"[index % 2]])
    return out.getvalue().encode()


def upload(page, content: bytes, name: str = "houses.csv"):
    page.at.file_uploader(key="table_file").set_value((name, content, "text/csv"))
    return page.run()


def frame(page, column: str):
    """The table in the sidebar that has this column."""
    return next(element.value for element in page.at.sidebar.dataframe if column in element.value)


def opened(open_page):
    page = open_page()
    page.at.selectbox(key="dataset").select("table")
    return page.run()


def test_before_the_upload_there_is_nothing_to_train_on(open_page):
    page = opened(open_page)
    assert page.at.button(key="train").disabled
    assert not page.at.error and not page.at.warning
    assert "CSV" in said(page)


def test_a_table_is_read_and_its_choices_guessed(open_page):
    page = upload(opened(open_page), table())
    config = address_of(page)
    assert config["target"] == "kind" and config["task"] == "classification"
    assert list(config["columns"]) == ["height", "colour", "price"]
    assert "60 rows, 5 columns" in said(page) and "6 in 1 column" in said(page), "what was missing is counted"
    columns, rows = (frame(page, name) for name in ("Kind", "height"))
    assert list(columns["Kind"]) == ["number", "number", "category", "number", "category"]
    assert list(columns["Missing"]) == [0, 6, 0, 0, 0]
    assert list(rows["colour"]) == ["red", "blue", "red", "blue", "red"]
    assert not page.at.button(key="train").disabled


def test_a_column_like_an_id_is_left_out_until_it_is_chosen(open_page):
    page = upload(opened(open_page), table())
    words = said(page).replace("\\", "")
    assert "Not an input: number" in words and "a different value in every row" in words
    page.at.multiselect(key="table_columns").set_value(["height", "number"])
    page.run()
    assert list(address_of(page)["columns"]) == ["height", "number"] and "Not an input" not in said(page)
    page.at.selectbox(key="table_target").select("price")
    page.run()
    assert list(address_of(page)["columns"]) == ["height", "colour", "kind"], "chosen anew for another target"


def address_of(page) -> dict:
    """The choices of the table as the page holds them."""
    return {name: page.at.session_state[key] for name, key in table_upload.KEYS.items()}


def test_another_target_is_another_task(open_page):
    page = upload(opened(open_page), table())
    page.at.selectbox(key="table_target").select("price")
    page.run()
    chosen = address_of(page)
    assert chosen["task"] == "regression" and "price" not in chosen["columns"] and "kind" in chosen["columns"]
    page.at.segmented_control(key="table_task").set_value("classification")
    page.run()
    assert ["at most 20 classes" in element.value
            for element in page.at.error] == [True], "refused, and said once"
    assert page.at.button(key="train").disabled


@pytest.mark.parametrize("content, words", [
    (b"", "empty"), (b"a,b\n1,2\n3", "Row 3"), (b"a,a\n1,2", "named 'a'"), (b"\xff\xfea", "UTF-16"),
    (b"a\n1\n2", "only one column")])
def test_what_is_no_table_is_refused_in_words(open_page, content, words):
    page = upload(opened(open_page), content)
    assert [words in element.value.replace("\\", "") for element in page.at.error] == [True], page.at.error
    assert page.at.button(key="train").disabled


def test_a_network_learns_from_it(open_page):
    page = upload(opened(open_page), table())
    page.at.number_input(key="epochs").set_value(3)
    page.run()
    page.press("train").until("finished")
    assert page.runs[-1].history.evaluation.examples == 12, "a fifth of the rows"


def test_a_link_leaves_the_table_out_and_says_so(open_page):
    page = upload(opened(open_page), table())
    page.at.selectbox(key="table_target").select("price")
    page.run()
    params = dict(page.at.query_params)
    assert "dataset.digest" not in params and params["dataset.target"] == "price"
    other = open_page(**params)
    assert ["Upload the file" in element.value for element in other.at.warning] == [True]
    assert other.at.button(key="train").disabled
    upload(other, table())
    assert address_of(other)["target"] == "price", "the link's choices hold for the same file"
    assert not other.at.button(key="train").disabled


def test_a_link_to_another_table_leaves_this_ones_choices(open_page):
    page = upload(opened(open_page), table())
    page.follow(**page.at.query_params | {"dataset.target": "salary", "dataset.columns": "age"})
    assert address_of(page)["target"] == "kind" and not page.at.error
    assert not page.at.button(key="train").disabled


def test_nobody_gets_at_a_table_by_its_digest(open_page):
    page = upload(opened(open_page), table())
    chosen = address_of(page)
    assert chosen["digest"]
    config = RunConfig(dataset="table", dataset_parameters=chosen)
    link = to_params(config) | {"dataset.digest": chosen["digest"]}
    other = open_page(**link)
    assert other.at.button(key="train").disabled
    assert not other.at.dataframe
    # A column that is not there: the refusal would list those that are.
    nosy = open_page(**link | {"dataset.columns": "nothing"})
    assert not nosy.at.error and "houses" not in said(nosy) and "colour" not in said(nosy)


def test_the_same_file_of_two_learners_is_two_tables(open_page):
    """Each one's script names its own file, whichever came first."""
    pages = [upload(opened(open_page), table(), name) for name in ("mine.csv", "yours.csv")]
    digests = {address_of(page)["digest"] for page in pages}
    assert len(digests) == 2
    for page, name in zip(pages, ("mine.csv", "yours.csv"), strict=True):
        made = script(RunConfig(dataset="table", dataset_parameters=address_of(page)))
        assert f'FILE = "{name}"' in made
        page.at.session_state["take_home"] = page.at.session_state["share"] = True
        shared = said(page.run()) + " ".join(code.value for code in page.at.code)
        assert "dataset_parameters" in shared and not any(digest in shared for digest in digests)


def test_the_table_outlives_a_visit_to_another_dataset(open_page):
    page = upload(opened(open_page), table())
    page.at.selectbox(key="dataset").select("iris")
    page.run()
    assert address(page).dataset == "iris"
    page.at.selectbox(key="dataset").select("table")
    page.run()
    assert not page.at.button(key="train").disabled


def test_a_column_of_sentences_is_read_word_by_word(open_page):
    rows = "".join(f'"A {("good", "bad")[row % 2]} film, the {row}th of them",{("up", "down")[row % 2]}\n'
                   for row in range(60))
    page = upload(opened(open_page), f"review,verdict\n{rows}".encode(), "films.csv")
    assert address_of(page)["sentence"] == "review" and "60 sentences." in said(page)
    assert list(frame(page, "Kind")["Kind"]) == ["text", "category"]
    page.at.selectbox(key="architecture").select("embeddings")
    page.at.number_input(key="epochs").set_value(20)
    page.run()
    page.press("train").until("finished")
    assert page.runs[-1].history.evaluation.metric == 1.0, "one word says it"
    # Without the sentences there is nothing to predict from; the page says so.
    page.at.selectbox(key="table_sentence").select("")
    page.run()
    assert ["There are no inputs" in element.value for element in page.at.error] == [True]


RATED = "user_id,item_id,rating,year\n" + "".join(
    f"ann{row % 6},film {row // 6},{1 + (row + row // 6) % 5},{1990 + row // 6}\n" for row in range(60))


def test_a_table_of_ratings_brings_a_recommender_but_not_for_what_was_set_by_hand(open_page):
    page = opened(open_page)
    page.at.number_input(key="epochs").set_value(7)
    page = upload(page, RATED.encode(), "films.csv")
    good, config = good_start("ratings"), address(page)
    assert config.data.is_pairs and (config.architecture, config.l2, config.epochs) == (
        "factorization", good.l2, 7)
    assert config.architecture_parameters == good.architecture_parameters
    assert "Kept as you set it: epochs." in unescaped(page)
    page.at.selectbox(key="architecture").select("softmax")
    page.run()
    assert address(page).architecture == "softmax", "the learner's choice stands"
    page.at.selectbox(key="architecture").select("factorization")
    page.at.selectbox(key="table_target").select("year")
    page.run()
    assert address(page).architecture == "mlp" and not address(page).data.is_pairs
    # A link says what was chosen: it comes first, whatever the table holds.
    linked = config.replaced(architecture="mlp", epochs=9)
    page = upload(open_page(**to_params(linked)), RATED.encode(), "films.csv")
    assert address(page).data.is_pairs and (address(page).architecture, address(page).epochs) == ("mlp", 9)


def test_a_link_to_an_autoencoder_keeps_what_is_normal_until_the_upload(open_page):
    config = RunConfig(dataset="table", target="input", architecture="autoencoder", normal=("a",),
                       dataset_parameters={"target": "kind", "columns": ("height", "price")})
    page = open_page(**to_params(config))
    assert not page.at.error and page.at.button(key="train").disabled
    upload(page, table())
    assert not page.at.button(key="train").disabled
    assert (address(page).target, address(page).normal) == ("input", ("a",))
    assert address_of(page)["columns"] == ["height", "price"]
