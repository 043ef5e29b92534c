//! The page over the description, as HTML.

use serde_json::Value;

use super::markdown::{escaped, inline};

/// Around a page of text.
pub(super) fn around(title: &str, content: &str) -> String {
    framed(title, &format!("<main>\n{content}</main>\n"))
}

/// Around every page: its head, and the bar that leads from one to the others.
fn framed(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} · ParseFlow</title>\n<link rel=\"icon\" href=\"/docs/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"/docs/docs.css\">\n</head>\n<body>\n\
         <header class=\"top\"><a class=\"brand\" href=\"/docs\">\
         <img src=\"/docs/icon.svg\" width=\"22\" height=\"22\" alt=\"\">ParseFlow API</a>\n\
         <a href=\"/docs\">Operations</a> <a href=\"/docs/errors\">Errors</a>\n\
         <a href=\"/openapi.json\">OpenAPI</a> <a href=\"/\">Dashboard</a>\n\
         <span id=\"look\"></span></header>\n{content}</body>\n</html>\n",
        escaped(title)
    )
}

/// Tags in the order of the story; what is not named here comes last.
const ORDER: [&str; 7] =
    ["documents", "batches", "webhooks", "deliveries", "events", "account", "operating"];

/// Every operation by its tag: what it takes, what it answers, with examples.
pub(super) fn written(api: &Value) -> String {
    let mut tags: Vec<(&str, Vec<Operation<'_>>)> = Vec::new();
    for (path, item) in members(&api["paths"]) {
        for (method, operation) in members(item) {
            let tag = operation["tags"][0].as_str().unwrap_or("other");
            let found = Operation { path, method, value: operation };
            match tags.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, operations)) => operations.push(found),
                None => tags.push((tag, vec![found])),
            }
        }
    }
    tags.sort_by_key(|(tag, _)| ORDER.iter().position(|name| name == tag).unwrap_or(ORDER.len()));
    let mut html = String::from(
        "<div class=\"columns\">\n<div class=\"side\">\n<div id=\"finder\" role=\"search\"></div>\n\
         <nav aria-label=\"Operations\">\n",
    );
    for (tag, operations) in &tags {
        html += &format!("<div class=\"group\">\n<h2>{}</h2>\n<ul>\n", escaped(tag));
        for operation in operations {
            html += &operation.entry();
        }
        html += "</ul>\n</div>\n";
    }
    html += &format!(
        "</nav>\n</div>\n<main>\n<h1>{}</h1>\n<p>{}</p>\n<div id=\"tools\"></div>\n",
        escaped(api["info"]["title"].as_str().unwrap_or_default()),
        inline(api["info"]["description"].as_str().unwrap_or_default())
    );
    for (tag, operations) in &tags {
        html += &format!("<section aria-label=\"{0}\">\n<h2>{0}</h2>\n", escaped(tag));
        for operation in operations {
            html += &operation.written();
        }
        html += "</section>\n";
    }
    html += "</main>\n</div>\n<script src=\"/docs/docs.js\" defer></script>\n";
    framed("API", &html)
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// A longer example is closed at first.
const SHORT_LINES_MAX: usize = 24;

struct Operation<'a> {
    path: &'a str,
    method: &'a str,
    value: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    fn text(&self, member: &str) -> String {
        inline(self.value[member].as_str().unwrap_or_default())
    }

    fn address(&self) -> String {
        let (method, path) = (self.method, escaped(self.path));
        format!(
            "<p class=\"address\"><b class=\"{method}\">{}</b> <code>{path}</code></p>\n",
            method.to_uppercase()
        )
    }

    /// Its line in the list of all.
    fn entry(&self) -> String {
        format!(
            "<li data-path=\"{}\"><a href=\"#{}\">{} <b class=\"{}\">{}</b></a></li>\n",
            escaped(self.path),
            self.id(),
            self.text("summary"),
            self.method,
            self.method.to_uppercase()
        )
    }

    fn written(&self) -> String {
        let mut html = format!(
            "<article id=\"{}\">\n<h3>{}</h3>\n{}<p>{}</p>\n",
            self.id(),
            self.text("summary"),
            self.address(),
            self.text("description")
        );
        html += match self.value.get("security") {
            Some(_) => "<p class=\"key\">Needs an API key, or a session in its place.</p>\n",
            None => "<p class=\"key\">Needs no key.</p>\n",
        };
        html += &self.parameters();
        for (media, content) in members(&self.value["requestBody"]["content"]) {
            html += &example(&format!("Body, <code>{media}</code>"), content, true);
        }
        html += &self.answers();
        html + "</article>\n"
    }

    fn parameters(&self) -> String {
        let Some(parameters) = self.value["parameters"].as_array() else { return String::new() };
        let mut html = String::from("<h4>Parameters</h4>\n<dl>\n");
        for parameter in parameters {
            html += &format!(
                "<dt><code>{}</code> <span>in {}{}</span></dt><dd>{}</dd>\n",
                escaped(parameter["name"].as_str().unwrap_or_default()),
                escaped(parameter["in"].as_str().unwrap_or_default()),
                if parameter["required"] == true { ", required" } else { "" },
                inline(parameter["description"].as_str().unwrap_or_default())
            );
        }
        html + "</dl>\n"
    }

    fn answers(&self) -> String {
        let mut html = String::from("<h4>Answers</h4>\n");
        let (mut refusals, mut is_first) = (String::new(), true);
        for (status, response) in members(&self.value["responses"]) {
            let description = response["description"].as_str().unwrap_or_default();
            if status >= "400" {
                let codes = linked(description);
                refusals += &format!("<dt>{status}</dt><dd>{codes}</dd>\n");
                continue;
            }
            let mut contents = members(&response["content"]).peekable();
            if contents.peek().is_none() {
                html += &format!("<p>{status}: {}</p>\n", inline(description));
            }
            for (media, content) in contents {
                let what = format!("{status}: {}, <code>{media}</code>", inline(description));
                html += &example(&what, content, is_first);
                is_first = false;
            }
        }
        html + "<h4>Refusals</h4>\n<dl>\n" + &refusals + "</dl>\n"
    }
}

/// A description in which each code leads to its page.
fn linked(description: &str) -> String {
    let mut html = String::new();
    for (position, part) in description.split('`').enumerate() {
        let part = escaped(part);
        if position % 2 == 1 {
            html += &format!("<a href=\"/docs/errors/{part}\"><code>{part}</code></a>");
        } else {
            html += &part;
        }
    }
    html
}

/// An example to be opened; a short one may be open from the beginning.
fn example(what: &str, content: &Value, may_be_open: bool) -> String {
    let Some(example) = content.get("example") else { return String::new() };
    let text = match example.as_str() {
        Some(text) => text.to_owned(),
        None => serde_json::to_string_pretty(example).unwrap_or_default(),
    };
    let open = if may_be_open && text.lines().count() <= SHORT_LINES_MAX { " open" } else { "" };
    format!(
        "<details{open}><summary>{what}</summary>\n<pre tabindex=\"0\"><code>{}</code></pre></details>\n",
        escaped(&text)
    )
}
