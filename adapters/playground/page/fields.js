// The fields of a form. Each is { name, node, value(), check(), showError(text), focusFirst(), wrong }.

import { el, fill, uniqueId } from "./dom.js";

/** More choices than this get a search of their own. */
const MANY = 8;

/** Draws a field with its label, hint, required mark and place for an error. */
export function drawField(item, texts) {
  switch (item.kind) {
    case "text":
      return textField(item, texts);
    case "select":
      return selectField(item, texts);
    case "date":
      return dateField(item, texts);
    case "multiselect":
    case "checkboxes":
      return choicesField(item, texts);
    default:
      throw new Error(`unknown field ${item.kind}`);
  }
}

/** What every field has: label, hint, error. `group` fields are fieldsets, others label one control. */
function frame(item, texts, control, { group = false, extra = [] } = {}) {
  const ids = { control: uniqueId("field"), hint: uniqueId("hint"), error: uniqueId("error") };
  const mark = item.required ? el("span", { class: "required", text: texts["form.required"] }) : null;
  const hint = item.hint ? el("p", { class: "hint", id: ids.hint, text: item.hint }) : null;
  const error = el("p", { class: "error", id: ids.error, hidden: true });
  const described = [item.hint ? ids.hint : "", ids.error].join(" ").trim();
  const label = group ? el("legend", {}, item.label, mark) : el("label", { for: ids.control }, item.label, mark);
  control.setAttribute("aria-describedby", described);
  if (!group) control.id = ids.control;
  const node = group
    ? el("fieldset", { class: "field", "aria-describedby": described }, label, hint, control, error)
    : el("div", { class: "field" }, label, hint, control, ...extra, error);
  return { node, error };
}

function finish(item, texts, { node, error, focusable, value, complaint }) {
  const field = {
    name: item.name,
    node,
    value,
    wrong: false,
    focusFirst() {
      focusable().focus();
      return true;
    },
    showError(text) {
      field.wrong = text !== "";
      error.textContent = text;
      error.hidden = !field.wrong;
      node.classList.toggle("wrong", field.wrong);
      focusable().setAttribute("aria-invalid", String(field.wrong));
    },
    check() {
      field.showError(complaint());
      return !field.wrong;
    },
  };
  node.addEventListener("input", () => {
    if (field.wrong) field.check();
  });
  return field;
}

function textField(item, texts) {
  const common = { maxlength: item.max_length, placeholder: item.example || null, "aria-required": item.required, autocomplete: "off" };
  const control = item.multiline ? el("textarea", { ...common, rows: "4" }) : el("input", { ...common, type: "text" });
  control.value = item.value;
  const counter = item.multiline ? el("p", { class: "counter", "aria-hidden": "true" }) : null;
  const count = () => {
    if (counter) counter.textContent = fill(texts["form.count"], { n: control.value.length, most: item.max_length });
  };
  control.addEventListener("input", count);
  count();
  return finish(item, texts, {
    ...frame(item, texts, control, { extra: counter ? [counter] : [] }),
    focusable: () => control,
    value: () => control.value,
    complaint: () => (item.required && !control.value.trim() ? texts["form.fill_in"] : ""),
  });
}

function selectField(item, texts) {
  const given = item.options.some((option) => option.value === item.value);
  const none = item.required && given ? null : el("option", { value: "", text: texts[item.required ? "form.choose" : "form.none"] });
  const control = el("select", { class: "choose", "aria-required": item.required }, none, item.options.map((option) => el("option", { value: option.value, text: option.label })));
  control.value = given ? item.value : "";
  return finish(item, texts, {
    ...frame(item, texts, control),
    focusable: () => control,
    value: () => control.value,
    complaint: () => (item.required && !control.value ? texts["form.choose_one"] : ""),
  });
}

function dateField(item, texts) {
  const control = el("input", { type: "date", "aria-required": item.required, value: item.value });
  return finish(item, texts, {
    ...frame(item, texts, control),
    focusable: () => control,
    value: () => control.value,
    complaint: () => {
      if (control.validity.badInput) return texts["form.no_date"];
      return item.required && !control.value ? texts["form.choose_date"] : "";
    },
  });
}

function choicesField(item, texts) {
  const rows = item.options.map((option) => {
    const box = el("input", { type: "checkbox", value: option.value });
    box.checked = item.values.includes(option.value);
    return { box, label: option.label, node: el("label", { class: "choice" }, box, el("span", { text: option.label })) };
  });
  const chosen = () => rows.filter((row) => row.box.checked).map((row) => row.box.value);
  const many = rows.length > MANY;
  const list = el("div", { class: many ? "choices many" : "choices" }, rows.map((row) => row.node));
  const control = el("div", {}, many ? search(rows, texts) : null, list, limit(item, rows, chosen, list, texts));
  return finish(item, texts, {
    ...frame(item, texts, control, { group: true }),
    focusable: () => rows.find((row) => !row.node.hidden && !row.box.disabled)?.box ?? rows[0].box,
    value: chosen,
    complaint: () => (item.required && !chosen().length ? texts["form.choose_some"] : ""),
  });
}

function search(rows, texts) {
  const box = el("input", { type: "search", class: "choice-search", placeholder: texts["form.search"], "aria-label": texts["form.search"] });
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = box.value.trim().toLowerCase();
    for (const row of rows) row.node.hidden = !row.label.toLowerCase().includes(wanted);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  return box;
}

/** At most so many: says how many are chosen, and lets no more be. */
function limit(item, rows, chosen, list, texts) {
  if (!item.at_most || item.at_most >= rows.length) return null;
  const status = el("p", { class: "counter", role: "status" });
  const update = () => {
    const n = chosen().length;
    status.textContent = fill(texts["form.chosen"], { n, most: item.at_most });
    for (const row of rows) row.box.disabled = !row.box.checked && n >= item.at_most;
  };
  list.addEventListener("change", update);
  update();
  return status;
}
