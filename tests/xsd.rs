//! As much of XML Schema as the schema of JUnit reports needs; a schema that says more is refused, not half obeyed.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Clone, Debug, Default)]
pub struct Node {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Node>,
    pub text: String,
}

/// Reads a document.
pub fn parse(text: &str) -> Result<Node, String> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    let node = |tag: &BytesStart<'_>| -> Result<Node, String> {
        let name = tag.local_name().as_ref().to_owned();
        let mut node = Node { name, ..Node::default() };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let key = attribute.key.as_ref().to_owned();
            let raw = attribute.value.into_owned();
            let value = quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?.into_owned();
            node.attributes.insert(key, value);
        }
        Ok(node)
    };
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => open.push(node(&tag)?),
            Event::Empty(tag) => {
                let node = node(&tag)?;
                open.last_mut().unwrap().children.push(node);
            }
            Event::End(_) => {
                let node = open.pop().unwrap();
                open.last_mut().ok_or("too many ends")?.children.push(node);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                let text =
                    quick_xml::escape::unescape(&format!("&{name};")).map_err(|error| error.to_string())?.into_owned();
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::Eof if open.len() == 1 => return open.remove(0).children.pop().ok_or("nothing".to_owned()),
            Event::Eof => return Err("not closed".to_owned()),
            _ => {}
        }
    }
}

/// What a document does not keep to.
pub fn faults(schema: &Node, document: &Node) -> Vec<String> {
    let mut faults = Vec::new();
    let root = named(schema, "element", &document.name);
    match root {
        Some(declaration) => element(schema, declaration, document, &document.name, &mut faults),
        None => faults.push(format!("no element {}", document.name)),
    }
    faults
}

fn named<'s>(schema: &'s Node, kind: &str, name: &str) -> Option<&'s Node> {
    schema.children.iter().find(|child| child.name == kind && child.attributes.get("name").is_some_and(|n| n == name))
}

fn parts(node: &Node) -> impl Iterator<Item = &Node> {
    node.children.iter().filter(|child| child.name != "annotation")
}

fn element(schema: &Node, declaration: &Node, node: &Node, path: &str, faults: &mut Vec<String>) {
    if let Some(name) = declaration.attributes.get("type") {
        return match named(schema, "complexType", name) {
            Some(complex) => complex_type(schema, complex, node, path, faults),
            None => simple_content(schema, name, node, path, faults),
        };
    }
    let [inner] = parts(declaration).collect::<Vec<_>>()[..] else { panic!("{path}: one type") };
    match inner.name.as_str() {
        "complexType" => complex_type(schema, inner, node, path, faults),
        "simpleType" => {
            no_children(node, path, faults);
            simple(schema, inner, &node.text, path, faults);
        }
        other => panic!("{other} is not read"),
    }
}

fn no_children(node: &Node, path: &str, faults: &mut Vec<String>) {
    if !node.children.is_empty() {
        faults.push(format!("{path}: elements where there is only text"));
    }
}

fn simple_content(schema: &Node, base: &str, node: &Node, path: &str, faults: &mut Vec<String>) {
    no_children(node, path, faults);
    value(schema, base, &node.text, path, faults);
}

fn complex_type(schema: &Node, complex: &Node, node: &Node, path: &str, faults: &mut Vec<String>) {
    let mut particles: Vec<&Node> = Vec::new();
    let mut attributes: Vec<&Node> = Vec::new();
    let text = gather(schema, complex, &mut particles, &mut attributes);
    match text {
        Some(base) => simple_content(schema, &base, node, path, faults),
        None => {
            if !node.text.trim().is_empty() {
                faults.push(format!("{path}: text"));
            }
            let mut rest = node.children.as_slice();
            for particle in particles {
                rest = consume(schema, particle, rest, path, faults);
            }
            faults.extend(rest.iter().map(|child| format!("{path}: {} is out of place", child.name)));
        }
    }
    for declared in &attributes {
        let name = &declared.attributes["name"];
        match node.attributes.get(name) {
            Some(found) => {
                let path = format!("{path}/@{name}");
                match declared.attributes.get("type") {
                    Some(base) => value(schema, base, found, &path, faults),
                    None => simple(schema, parts(declared).next().unwrap(), found, &path, faults),
                }
            }
            None if declared.attributes.get("use").is_some_and(|used| used == "required") => {
                faults.push(format!("{path}: no @{name}"));
            }
            None => {}
        }
    }
    let known = |name: &String| attributes.iter().any(|declared| declared.attributes["name"] == *name);
    faults.extend(node.attributes.keys().filter(|name| !known(name)).map(|name| format!("{path}: unknown @{name}")));
}

/// Particles and attributes of a type and of what it extends; of a type that holds text, the text's type.
fn gather<'s>(
    schema: &'s Node,
    complex: &'s Node,
    particles: &mut Vec<&'s Node>,
    attributes: &mut Vec<&'s Node>,
) -> Option<String> {
    let mut text = None;
    for part in parts(complex) {
        match part.name.as_str() {
            "sequence" | "choice" => particles.push(part),
            "attribute" => attributes.push(part),
            "complexContent" => text = text.or(gather(schema, part, particles, attributes)),
            "simpleContent" => {
                let extension = parts(part).next().unwrap();
                attributes.extend(parts(extension));
                text = Some(extension.attributes["base"].clone());
            }
            "extension" => {
                let base = named(schema, "complexType", &part.attributes["base"]).unwrap();
                text = text.or(gather(schema, base, particles, attributes));
                text = text.or(gather(schema, part, particles, attributes));
            }
            other => panic!("{other} is not read"),
        }
    }
    text
}

fn occurs(node: &Node) -> (usize, usize) {
    let of =
        |name: &str| node.attributes.get(name).map(|n| if n == "unbounded" { usize::MAX } else { n.parse().unwrap() });
    (of("minOccurs").unwrap_or(1), of("maxOccurs").unwrap_or(1))
}

/// Takes the elements that a particle stands for from the front.
fn consume<'n>(schema: &Node, particle: &Node, rest: &'n [Node], path: &str, faults: &mut Vec<String>) -> &'n [Node] {
    match particle.name.as_str() {
        "sequence" => parts(particle).fold(rest, |rest, part| consume(schema, part, rest, path, faults)),
        "choice" => {
            let is = |option: &&Node, child: &Node| option.attributes["name"] == child.name;
            match rest.first().and_then(|child| parts(particle).find(|option| is(option, child))) {
                Some(option) => consume(schema, option, rest, path, faults),
                None if occurs(particle).0 == 0 => rest,
                None => {
                    faults.push(format!("{path}: none of a choice"));
                    rest
                }
            }
        }
        "element" => {
            let name = &particle.attributes["name"];
            let (least, most) = occurs(particle);
            let count = rest.iter().take_while(|child| child.name == *name).take(most).count();
            if count < least {
                faults.push(format!("{path}: no {name} in its place"));
            }
            let (own, rest) = rest.split_at(count);
            own.iter().for_each(|child| element(schema, particle, child, &format!("{path}/{name}"), faults));
            rest
        }
        other => panic!("{other} is not read"),
    }
}

fn simple(schema: &Node, simple: &Node, text: &str, path: &str, faults: &mut Vec<String>) {
    let restriction = parts(simple).next().unwrap();
    assert_eq!(restriction.name, "restriction");
    value(schema, &restriction.attributes["base"], text, path, faults);
    for facet in parts(restriction) {
        let limit = &facet.attributes["value"];
        let holds = match facet.name.as_str() {
            "minLength" => text.chars().count() >= limit.parse().unwrap(),
            "pattern" => regex::Regex::new(&format!("^(?:{limit})$")).unwrap().is_match(text),
            "whiteSpace" => true,
            other => panic!("{other} is not read"),
        };
        if !holds {
            faults.push(format!("{path}: {text:?} against {} {limit}", facet.name));
        }
    }
}

fn value(schema: &Node, base: &str, text: &str, path: &str, faults: &mut Vec<String>) {
    if let Some(own) = named(schema, "simpleType", base) {
        return simple(schema, own, text, path, faults);
    }
    let holds = match base {
        "xs:string" | "xs:token" => true,
        "xs:int" => text.trim().parse::<i32>().is_ok(),
        "xs:decimal" => regex::Regex::new(r"^[+-]?(\d+(\.\d*)?|\.\d+)$").unwrap().is_match(text.trim()),
        "xs:dateTime" => text.trim().parse::<jiff::civil::DateTime>().is_ok(),
        other => panic!("{other} is not read"),
    };
    if !holds {
        faults.push(format!("{path}: {text:?} is no {base}"));
    }
}
