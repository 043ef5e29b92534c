//! The Markdown of our own pages as HTML: headings, paragraphs, lists, code and links. Everything
//! else stands as it is.

/// The text as HTML. Links to other pages of error codes lead to where the service has them.
pub(crate) fn to_html(markdown: &str) -> String {
    let mut html = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            html += "<pre tabindex=\"0\"><code>";
            for line in lines.by_ref().take_while(|line| !line.starts_with("```")) {
                html += &escaped(line);
                html.push('\n');
            }
            html += "</code></pre>\n";
        } else if let Some((level, title)) = heading(line) {
            html += &format!("<h{level}>{}</h{level}>\n", inline(title));
        } else if let Some(begun) = line.strip_prefix("- ") {
            html += "<ul>\n";
            let mut item = begun.to_owned();
            while let Some(next) = lines.next_if(|next| !next.is_empty()) {
                match next.strip_prefix("- ") {
                    Some(begun) => {
                        html += &format!("<li>{}</li>\n", inline(&item));
                        item = begun.to_owned();
                    }
                    None => item += &format!(" {}", next.trim_start()),
                }
            }
            html += &format!("<li>{}</li>\n</ul>\n", inline(&item));
        } else if !line.is_empty() {
            let mut text = line.to_owned();
            while let Some(next) =
                lines.next_if(|next| !next.is_empty() && !next.starts_with("```"))
            {
                text += &format!(" {next}");
            }
            html += &format!("<p>{}</p>\n", inline(&text));
        }
    }
    html
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    (1..=6).contains(&level).then(|| title.strip_prefix(' ').map(|title| (level, title)))?
}

/// Code between backticks, and links.
pub(super) fn inline(text: &str) -> String {
    let mut html = String::new();
    for (position, part) in text.split('`').enumerate() {
        if position % 2 == 1 {
            html += &format!("<code>{}</code>", escaped(part));
        } else {
            html += &escaped(part);
        }
    }
    links(&html)
}

/// `[text](target)` in what is HTML already.
fn links(html: &str) -> String {
    let mut done = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(label, after)| {
            let (target, after) = after.split_once(')')?;
            Some((label, target, after))
        });
        done += before;
        match link {
            Some((label, target, after)) if !label.contains('[') => {
                done += &format!("<a href=\"{}\">{label}</a>", address(target));
                rest = after;
            }
            _ => {
                done.push('[');
                rest = after;
            }
        }
    }
    done + rest
}

/// Where the service has the page that a file links to.
fn address(target: &str) -> String {
    match target.strip_suffix(".md") {
        Some("README") => "/docs/errors".to_owned(),
        Some(code) if !code.contains(['/', ':']) => format!("/docs/errors/{code}"),
        _ => target.to_owned(),
    }
}

/// The text for use in HTML, in attributes too.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, html: &str) {
        assert_eq!(to_html(markdown), html);
    }

    #[test]
    fn our_pages_become_html() {
        check("# `a_code`\n\nOne\ntwo.\n", "<h1><code>a_code</code></h1>\n<p>One two.</p>\n");
        check("- a\n  b\n- c\n\nd", "<ul>\n<li>a b</li>\n<li>c</li>\n</ul>\n<p>d</p>\n");
        check(
            "```json\n{\"a\": 1}\n```\n",
            "<pre tabindex=\"0\"><code>{&quot;a&quot;: 1}\n</code></pre>\n",
        );
    }

    #[test]
    fn links_lead_to_the_services_own_pages() {
        check("[`x`](x.md)", "<p><a href=\"/docs/errors/x\"><code>x</code></a></p>\n");
        check("[all](README.md)", "<p><a href=\"/docs/errors\">all</a></p>\n");
        check("[s](https://a.example/b)", "<p><a href=\"https://a.example/b\">s</a></p>\n");
        check("a [b] c", "<p>a [b] c</p>\n");
    }

    #[test]
    fn what_looks_like_html_is_text() {
        check("<script>\"&", "<p>&lt;script&gt;&quot;&amp;</p>\n");
    }
}
