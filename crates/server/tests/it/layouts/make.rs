//! Documents as whole as LibreOffice wants them.

use crate::files::kit::zipped;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const TYPES: &str = "application/vnd.openxmlformats-officedocument";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// What parts there are.
fn types(parts: &[(&str, &str)]) -> String {
    let parts: String = parts
        .iter()
        .map(|(name, kind)| format!("<Override PartName=\"/{name}\" ContentType=\"{TYPES}.{kind}+xml\"/>"))
        .collect();
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{parts}</Types>"
    )
}

/// What a part refers to: kind, target, and whether that is outside.
fn relations(all: &[(&str, &str, bool)]) -> String {
    let all: String = all
        .iter()
        .enumerate()
        .map(|(at, (kind, target, outside))| {
            let mode = if *outside { " TargetMode=\"External\"" } else { "" };
            format!(
                "<Relationship Id=\"rId{}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"{mode}/>",
                at + 1
            )
        })
        .collect();
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
    )
}

/// A Word document of these paragraphs.
pub(super) fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let body: String =
        paragraphs.iter().map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")).collect();
    docx_of(&body, &[])
}

/// A Word document with this body, which refers to these things outside.
pub(super) fn docx_of(body: &str, outside: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        "{HEAD}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"{RELATIONS}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>{body}</w:body></w:document>"
    );
    let outside: Vec<(&str, &str, bool)> =
        outside.iter().map(|(kind, target)| (*kind, *target, true)).collect();
    zipped(&[
        ("[Content_Types].xml", types(&[("word/document.xml", "wordprocessingml.document.main")]).as_bytes()),
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml", false)]).as_bytes()),
        ("word/_rels/document.xml.rels", relations(&outside).as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// The body of a picture that lies where the first relation says.
pub(super) const LINKED_PICTURE: &str = "<w:p><w:r><w:drawing><wp:inline><wp:extent cx=\"900000\" cy=\"900000\"/>\
    <wp:docPr id=\"1\" name=\"p\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
    <pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"p\"/><pic:cNvPicPr/></pic:nvPicPr>\
    <pic:blipFill><a:blip r:link=\"rId1\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
    <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"900000\" cy=\"900000\"/></a:xfrm>\
    <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>\
    </wp:inline></w:drawing></w:r></w:p>";

/// A sheet with one text in each row.
pub(super) fn xlsx(rows: &[&str]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rows: String = rows
        .iter()
        .enumerate()
        .map(|(at, text)| {
            format!("<row r=\"{0}\"><c r=\"A{0}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>", at + 1)
        })
        .collect();
    let sheet = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    let book = format!(
        "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let parts = [
        ("xl/workbook.xml", "spreadsheetml.sheet.main"),
        ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
    ];
    zipped(&[
        ("[Content_Types].xml", types(&parts).as_bytes()),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml", false)]).as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[("worksheet", "worksheets/sheet1.xml", false)]).as_bytes(),
        ),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A presentation of one slide.
pub(super) fn pptx(text: &str) -> Vec<u8> {
    let spaces = format!(
        "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"{RELATIONS}\" \
         xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\""
    );
    let tree = |shapes: &str| {
        format!(
            "<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>\
             <p:grpSpPr/>{shapes}</p:spTree></p:cSld>"
        )
    };
    let shape = format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"t\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>\
         <a:off x=\"900000\" y=\"900000\"/><a:ext cx=\"7000000\" cy=\"1000000\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>\
         <p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    );
    let colours = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" \
        accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>";
    let presentation = format!(
        "{HEAD}<p:presentation {spaces}><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>\
         <p:sldIdLst><p:sldId id=\"256\" r:id=\"rId2\"/></p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/>\
         <p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>"
    );
    let master = format!(
        "{HEAD}<p:sldMaster {spaces}>{}{colours}<p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst></p:sldMaster>",
        tree("")
    );
    let layout = format!("{HEAD}<p:sldLayout {spaces} type=\"blank\">{}</p:sldLayout>", tree(""));
    let slide = format!("{HEAD}<p:sld {spaces}>{}</p:sld>", tree(&shape));
    let parts = [
        ("ppt/presentation.xml", "presentationml.presentation.main"),
        ("ppt/slideMasters/slideMaster1.xml", "presentationml.slideMaster"),
        ("ppt/slideLayouts/slideLayout1.xml", "presentationml.slideLayout"),
        ("ppt/slides/slide1.xml", "presentationml.slide"),
    ];
    let main =
        [("slideMaster", "slideMasters/slideMaster1.xml", false), ("slide", "slides/slide1.xml", false)];
    let to_layout = relations(&[("slideLayout", "../slideLayouts/slideLayout1.xml", false)]);
    zipped(&[
        ("[Content_Types].xml", types(&parts).as_bytes()),
        ("_rels/.rels", relations(&[("officeDocument", "ppt/presentation.xml", false)]).as_bytes()),
        ("ppt/_rels/presentation.xml.rels", relations(&main).as_bytes()),
        ("ppt/presentation.xml", presentation.as_bytes()),
        ("ppt/slideMasters/slideMaster1.xml", master.as_bytes()),
        ("ppt/slideMasters/_rels/slideMaster1.xml.rels", to_layout.as_bytes()),
        ("ppt/slideLayouts/slideLayout1.xml", layout.as_bytes()),
        (
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
            relations(&[("slideMaster", "../slideMasters/slideMaster1.xml", false)]).as_bytes(),
        ),
        ("ppt/slides/slide1.xml", slide.as_bytes()),
        ("ppt/slides/_rels/slide1.xml.rels", to_layout.as_bytes()),
    ])
}

/// An OpenDocument text with this body.
pub(super) fn odt(body: &str) -> Vec<u8> {
    let spaces = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
        xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
        xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\"";
    let content = format!(
        "{HEAD}<office:document-content {spaces} office:version=\"1.2\"><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let manifest = format!(
        "{HEAD}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.2\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ])
}
