# %% [markdown]
# # Which language is this?
#
# Two networks, trained together: one reads a phrase character by character, the other makes languages of what the first
# one remembers at the end. You write them in `language.py`, in PyTorch.
# %%
import torch
from language import Encoder, Scanner, build_vocab, encode_batch, train_language_id
from reference.languages import LANGUAGES, phrases

# %% [markdown]
# ## The phrases
#
# Names of days, months, countries and currencies in eight languages. Those to be tested on have names that those to
# train on do not have.
# %%
train, test = phrases(0, 50)
codes = list(LANGUAGES)
for text, label in list(zip(train.texts, train.labels))[:5]:
    print(codes[label], text)
vocab = build_vocab(list(train.texts))
ids, lengths = encode_batch(list(train.texts), vocab)
print(f"{len(vocab)} characters; the batch is of shape {tuple(ids.shape)}")
show(ids[:40].numpy(), titles=["forty phrases, padded"])
# %% [markdown]
# ## Training both at once
# %%
torch.manual_seed(0)
scanner, encoder = Scanner(len(vocab) + 2, 12, 24), Encoder(24, len(codes))
labels = torch.from_numpy(train.labels)
losses = train_language_id(scanner, encoder, ids, lengths, labels, epochs=8, batch_size=40, lr=0.015,
                           rng=np.random.default_rng(0))
plt.figure(figsize=(4, 2.2))
plt.plot(losses, "o-")
plt.axhline(np.log(len(codes)), color="lightgray")
plt.title("loss; the grey line is guessing", fontsize=9)
plt.show()
# %% [markdown]
# ## What it takes for what
# %%
with torch.no_grad():
    guess = encoder(scanner(*encode_batch(list(test.texts), vocab))).argmax(1).numpy()
table = np.zeros((len(codes), len(codes)))
np.add.at(table, (test.labels, guess), 1)
show(table, titles=["rows: true, columns: said"])
print(f"{np.mean(guess == test.labels):.0%} right on names that it never saw")
