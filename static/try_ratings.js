// Ratings of the learner's own, or a user of the dataset, and what the network recommends to them.

import { element, say } from "./live_element.js"

const OFFERED = 6, STARS = 5
const written = (value) => Number.isFinite(value) ? Number(value.toFixed(1)).toString() : "–"

/**
 * Which items are offered for rating at first: the one rated most often of each group, or of all.
 * @param {{groups: string[], counts: number[]}} items
 * @param {number} most
 * @returns {number[]} numbers from 1 on
 */
export function offered({groups, counts}, most = OFFERED) {
  const order = counts.map((_, at) => at).sort((one, other) => counts[other] - counts[one])
  const first = order.filter((at, place) => order.findIndex((other) => groups[other] === groups[at]) === place)
  return [...first, ...order.filter((at) => !first.includes(at))].slice(0, most).map((at) => at + 1)
}

/** A noun with its article. */
const one = (noun) => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`

/** The ratings that can be given, from the lowest to the highest. */
export const steps = ({low, high}) => Array.from({length: STARS}, (_, at) => low + (high - low) * at / (STARS - 1))

export class Ratings {
  // changed: called after each change.
  constructor(changed) {
    Object.assign(this, {changed, mine: new Map(), rows: [], user: 0, chosen: 0, rated: []})
    this.you = Object.assign(element("button", "try-tool", "You"), {type: "button", onclick: () => this.ask(0)})
    this.number = Object.assign(element("input", "try-number"), {type: "number", min: 1, value: 1})
    this.number.oninput = () => this.ask(this.asked)
    this.number.onfocus = () => this.user || this.ask(this.asked)
    this.people = element("datalist")
    this.people.id = "try-users"
    this.called = element("label", "try-user", "", [element("span"), this.number])
    this.search = Object.assign(element("input", "try-search"), {type: "search"})
    this.known = element("datalist")
    this.known.id = "try-items"
    this.search.setAttribute("list", this.known.id)
    this.search.oninput = () => this.add()
    this.list = element("ul", "try-ratings")
    this.root = element("div", "try-pairs", "", [element("div", "try-who", "", [this.you, this.called, this.people, this.search, this.known]), this.list])
  }

  // Which users there are; whether the learner can rate.
  setUp(content) {
    this.content = content
    this.you.hidden = this.search.hidden = !content.rates
    if (!content.rates && !this.user) this.user = 1
    this.number.max = content.users
    say(this.called.firstChild, content.user)
    this.search.placeholder = `Add ${one(content.item)}`
    this.search.setAttribute("aria-label", `Add ${one(content.item)} to rate`)
    this.draw()
  }

  // The part `items`: what the items are called, and the users of a learner's own table.
  setItems(items) {
    this.items = items
    Object.assign(this, {mine: new Map(), rows: offered(items), chosen: 0})
    const named = items.users.length > 0
    this.number.classList.toggle("named", named)
    this.number.type = named ? "search" : "number"
    this.number.value = this.person(this.user || 1)
    if (named) this.number.setAttribute("list", this.people.id)
    else this.number.removeAttribute("list")
    for (const [list, names] of [[this.known, items.names], [this.people, items.users]]) {
      list.replaceChildren(...names.map((name) => Object.assign(element("option"), {value: name})))
    }
    if (this.content) this.draw()
  }

  /** What a user is called in the data. */
  person = (user) => this.items?.users[user - 1] ?? String(user)

  /** The user written in the field; NaN for a name that nobody has, or not yet. */
  get asked() {
    const {value} = this.number
    return this.items?.users.length ? this.items.users.indexOf(value.trim()) + 1 || NaN : Number(value)
  }

  name = (number) => this.items?.names[number - 1] ?? `${this.content.item} ${number}`
  color = (number) => this.items?.colors[this.items.groups[number - 1]] ?? ""

  ask(user) {
    if (!Number.isInteger(user) || user < 0 || user > this.content.users) return
    this.user = user
    this.rated = []
    this.draw()
    this.changed()
  }

  add() {
    const number = (this.items?.names.indexOf(this.search.value.trim()) ?? -1) + 1
    if (!number) return
    this.search.value = ""
    this.user = 0
    this.rows = [number, ...this.rows.filter((one) => one !== number)]
    this.draw()
    this.changed()
  }

  /** The user, the chosen item, and each rated item with its rating; null until the items are known. */
  get values() {
    if (!this.items || !this.content) return null
    return [this.user, this.chosen, ...this.user ? [] : [...this.mine].flat()]
  }

  draw() {
    const {user} = this
    this.you.setAttribute("aria-pressed", String(!user))
    this.called.classList.toggle("chosen", user > 0)
    if (user && document.activeElement !== this.number) this.number.value = this.person(user)
    if (!this.items) return
    this.list.replaceChildren(...user ? this.rated.map(([number, rating]) => this.row(number, element("span", "try-share", written(rating))))
      : this.rows.map((number) => this.row(number, this.stars(number))))
  }

  row(number, end) {
    const title = Object.assign(element("button", "try-title", this.name(number)), {type: "button", title: `Find what is like ${this.name(number)}`, onclick: () => this.choose(number)})
    const dot = element("i", "dot")
    dot.style.background = this.color(number)
    return element("li", "", "", [dot, title, end])
  }

  stars(number) {
    const name = this.name(number)
    return element("span", "try-stars", "", steps(this.items).map((rating) => {
      const star = Object.assign(element("button", "", this.mine.get(number) >= rating ? "★" : "☆"), {type: "button", title: `${written(rating)} of ${written(this.items.high)}`})
      star.setAttribute("aria-label", `${name}: ${star.title}`)
      star.setAttribute("aria-pressed", String(this.mine.get(number) === rating))
      star.onclick = () => this.rate(number, rating)
      return star
    }))
  }

  // The same star once more takes the rating back.
  rate(number, rating) {
    if (this.mine.get(number) === rating) this.mine.delete(number)
    else this.mine.set(number, rating)
    const at = [...this.list.querySelectorAll("button")].indexOf(document.activeElement)
    this.draw()
    this.list.querySelectorAll("button")[at]?.focus()
    this.changed()
  }

  choose(number) {
    this.chosen = number
    this.changed()
  }

  /**
   * The answer to what was asked.
   * @param {any} told user, chosen item, and lists of items with their numbers
   * @param {import("./try_answer.js").Answer} answer
   */
  show({user, items, rated, chosen, similar}, answer) {
    if (!this.items || user !== this.user) return
    const {low, high} = this.items, {verdict, bars, more} = answer
    if (user && JSON.stringify(rated) !== JSON.stringify(this.rated)) {
      this.rated = rated
      this.draw()
    }
    verdict.classList.remove("words")
    answer.root.dataset.answered = "1"
    answer.back.hidden = true
    say(verdict, user ? `For ${this.content.user} ${this.person(user)}` : this.mine.size ? "For you" : "For everyone")
    answer.fill(items.length, (place) => {
      const [number, rating] = items[place]
      return {name: this.name(number), text: Number.isFinite(rating) ? rating.toFixed(1) : "–", share: Math.min(1, Math.max(0, (rating - low) / (high - low))), color: this.color(number) || "var(--st-primary-color)", best: false}
    })
    for (const [place, row] of [...bars.children].entries()) {
      Object.assign(row, {tabIndex: 0, title: `Find what is like ${this.name(items[place][0])}`, onclick: () => this.choose(items[place][0])})
      row.setAttribute("role", "button")
      row.onkeydown = (event) => { if (event.key === "Enter") row.click() }
    }
    const item = this.content.item
    say(more, chosen ? similar.length ? `Like ${this.name(chosen)}: ${similar.map(([number, cosine]) => `${this.name(number)} (${cosine.toFixed(2)})`).join(", ")}.`
      : `Nobody has rated ${this.name(chosen)} in the training examples.`
      : !this.content.rates ? `Press ${one(item)} to find similar ones. Rating some yourself needs matrix factorization alone.`
      : user || this.mine.size ? "" : `Rate a few ${item}s to get a list of your own. Press ${one(item)} to find similar ones.`)
  }
}
