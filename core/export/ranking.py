"""Script code that ranks with the network, and the tutorial's nearest neighbours beside it."""

from core.datasets.pairs import PairShape
from core.export.section import Section
from core.metrics.ranked_items import MOST, MOST_SCORES
from core.runs.config import RunConfig

_RANKED = f"""\
# All known titles for each user with a liked one, in one call.
pairs = known(liked)
pairs = pairs[pairs[:, 0] > 0]
random = np.random.default_rng(0)
if len(pairs) * len(known_titles) > {MOST_SCORES}:
    pairs = random.permutation(pairs)[:max(1, {MOST_SCORES} // len(known_titles))]
asked = np.stack(np.meshgrid(pairs[:, 0], known_titles, indexing="ij"), axis=-1).reshape(-1, 2)
scores = model.predict(asked.astype("int32"), batch_size=4096, verbose=0).reshape(len(pairs), -1)
rated = np.concatenate([{{rated}}])
places = []
for (user, title), own in zip(pairs, scores, strict=True):
    free = ~np.isin(known_titles, rated[rated[:, 0] == user, 1])
    # A title that is in no training example, 0, cannot be recommended.
    if title == 0 or not np.isfinite(own).all():
        places.append(0)
        continue
    # Titles with the same prediction stand in a random order.
    mine = own[known_titles == title]
    places.append(1 + (own[free] > mine).sum() + random.integers((own[free] == mine).sum()))
places = np.array(places)
hits = (places > 0) & (places <= {MOST})
print(f"hit rate at {MOST}: {{{{hits.mean():.4f}}}}")
gains = np.where(hits, 1 / np.log2(1 + np.maximum(places, 1)), 0)
print(f"NDCG at {MOST}: {{{{gains.mean():.4f}}}}")"""

_LISTING = """\
ratings = pd.DataFrame(user_item_rating, columns=["user_id", "item_id", "rating"])
ratings = ratings.astype({"user_id": int, "item_id": int})
user_item_matrix = ratings.pivot(index="user_id", columns="item_id", values="rating").fillna(0)
train_data, test_data = train_test_split(user_item_matrix, test_size=0.2, random_state=42)
model_knn = NearestNeighbors(metric="cosine", algorithm="brute")
model_knn.fit(train_data)
distances, indices = model_knn.kneighbors(test_data.iloc[[0]], n_neighbors=5)
print(f"users like user {test_data.index[0]}: {train_data.index[indices[0]].tolist()}")

# What these users rated highly is recommended: the sum of their ratings, weighted by their similarity.
weights = 1 - distances[0]
sums = weights @ train_data.iloc[indices[0]].to_numpy()
sums[test_data.iloc[0] > 0] = -1
best = user_item_matrix.columns[np.argsort(-sums)[:5]]
print(f"recommended to user {test_data.index[0]}: titles {best.tolist()}")

# For similar titles, the rows have to be titles: the same table turned around.
item_user_matrix = user_item_matrix.T
items_knn = NearestNeighbors(metric="cosine", algorithm="brute").fit(item_user_matrix)
_, indices = items_knn.kneighbors(item_user_matrix.iloc[[0]], n_neighbors=6)
similar = item_user_matrix.index[indices[0]].tolist()
print(f"titles like title {similar[0]}: {similar[1:]}")"""


# The same without the pivot: its empty cells alone would need gigabytes.
_SPARSE = """\
# The tutorial makes this table with pivot and fillna(0). It would have {cells:,} cells, {size:.1f} GB, nearly
# all of them empty, so only the ratings themselves are stored here.
ratings = pd.DataFrame(user_item_rating, columns=["user_id", "item_id", "rating"])
user_ids, rows = np.unique(ratings["user_id"].astype(int), return_inverse=True)
item_ids, columns = np.unique(ratings["item_id"].astype(int), return_inverse=True)
user_item_matrix = csr_matrix((ratings["rating"], (rows, columns)))
train_rows, test_rows = train_test_split(np.arange(len(user_ids)), test_size=0.2, random_state=42)
model_knn = NearestNeighbors(metric="cosine", algorithm="brute")
model_knn.fit(user_item_matrix[train_rows])
user = test_rows[0]
distances, indices = model_knn.kneighbors(user_item_matrix[[user]], n_neighbors=5)
print(f"users like user {{user_ids[user]}}: {{user_ids[train_rows[indices[0]]].tolist()}}")

# What these users rated highly is recommended: the sum of their ratings, weighted by their similarity.
weights = 1 - distances[0]
sums = weights @ user_item_matrix[train_rows[indices[0]]].toarray()
sums[user_item_matrix[[user]].toarray()[0] > 0] = -1
best = item_ids[np.argsort(-sums)[:5]]
print(f"recommended to user {{user_ids[user]}}: titles {{best.tolist()}}")

# For similar titles, the rows have to be titles: the same table turned around.
item_user_matrix = user_item_matrix.T.tocsr()
items_knn = NearestNeighbors(metric="cosine", algorithm="brute").fit(item_user_matrix)
_, indices = items_knn.kneighbors(item_user_matrix[[0]], n_neighbors=6)
similar = item_ids[indices[0]].tolist()
print(f"titles like title {{similar[0]}}: {{similar[1:]}}")"""
# Up to 80 MB, as the tutorial has it.
MOST_CELLS = 10_000_000


def _listing(shape: PairShape) -> tuple[str, frozenset[str]]:
    """The tutorial's code, or the same for a table with too many cells, and its imports."""
    cells, imports = shape.users * shape.items, {
        "import numpy as np", "import pandas as pd", "from sklearn.model_selection import train_test_split",
        "from sklearn.neighbors import NearestNeighbors"}
    if cells <= MOST_CELLS:
        return _LISTING, frozenset(imports)
    return _SPARSE.format(cells=cells, size=8 * cells / 1e9), frozenset(
        imports | {"from scipy.sparse import csr_matrix"})


def ranking_sections(config: RunConfig) -> tuple[Section, ...]:
    """Hit rate and NDCG of the network, then the tutorial's listing; nothing for other data than ratings."""
    if not isinstance(config.data.shape, PairShape):
        return ()
    rated = "x_train, x_val, x_test" if config.validation_share else "x_train, x_test"
    listing, imports = _listing(config.data.shape)
    return (
        Section("Ranking", "Where the liked titles that were kept apart stand among all that their users "
                "have not rated.", _RANKED.format(rated=rated), frozenset({"import numpy as np"})),
        Section("Nearest neighbours", "Collaborative filtering with the tutorial's calls, on the same "
                "ratings. The rows of its table are users, so its neighbours are similar users. The tutorial "
                "takes them for similar items; those come last here, from the table turned around.", listing,
                imports))
