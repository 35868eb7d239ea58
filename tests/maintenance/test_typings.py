import io
import tarfile
import zipfile

import pytest

from maintenance.typings import read_wheel

SCRIPT = """\
function thingSizeToTerraform(struct) {
    return {
        width: cdktn.numberToTerraform(struct.width),
    };
}
function thingSizeToHclTerraform(struct) {
    const attrs = {
        width: {
            value: cdktn.numberToHclTerraform(struct.width),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
}
class ThingSizeOutputReference extends cdktn.ComplexObject {
    // width - computed: false, optional: false, required: true
    _width;
    get width() {
        return this.getNumberAttribute('width');
    }
}
class ThingPartOutputReference extends cdktn.ComplexObject {
    // label - computed: true, optional: false, required: false
    get label() {
        return this.getStringAttribute('label');
    }
}
class ThingPartList extends cdktn.ComplexList {
}
class Thing extends cdktn.TerraformResource {
    static tfResourceType = "aws_thing";
    constructor(scope, id, config) {
        super(scope, id, {
                providerVersion: '6.0.1',
        });
    }
    // arn - computed: true, optional: false, required: false
    get arn() {
        return this.getStringAttribute('arn');
    }
    // names - computed: true, optional: true, required: false
    _names;
    get names() {
        return cdktn.Fn.tolist(this.getListAttribute('names'));
    }
    // parts - computed: true, optional: false, required: false
    _parts = new ThingPartList(this, "parts", true);
    get parts() {
        return this._parts;
    }
    // size - computed: false, optional: false, required: true
    _size = new ThingSizeOutputReference(this, "size");
    get size() {
        return this._size;
    }
    synthesizeHclAttributes() {
        const attrs = {
            size: {
                value: thingSizeToHclTerraform(this._size.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "ThingSizeList",
            },
        };
    }
}
"""
TYPES = """\
export interface ThingConfig extends cdktn.TerraformMetaArguments {
    /**
    * size block
    */
    readonly size: ThingSize;
}
"""
PROVIDER = """\
class AwsProvider extends cdktn.TerraformProvider {
    synthesizeAttributes() {
        return {
            region: cdktn.stringToTerraform(this._region),
        };
    }
}
"""


def wheel(path, files):
    tgz = io.BytesIO()
    with tarfile.open(fileobj=tgz, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/lib/{name}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("any/_jsii/typings.jsii.tgz", tgz.getvalue())
    return path


def test_a_schema_is_read_back_from_the_typings_made_from_it(tmp_path):
    files = {"thing/index.js": SCRIPT, "thing/index.d.ts": TYPES}
    files |= {"provider/index.js": PROVIDER, "provider/index.d.ts": ""}
    typings = read_wheel(wheel(tmp_path / "x.whl", files))
    assert typings.version == "6.0.1"
    assert typings.provider == {"attributes": {"region": ["o", "string"]}}
    assert typings.data_sources == {}
    assert typings.resources == {
        "aws_thing": {
            "attributes": {
                "arn": ["c", "string"],
                "names": ["oc", ["set", "string"]],
                "parts": ["c", ["set", ["object", {"label": "string"}]]],
            },
            "blocks": {
                "size": {"nesting": "list", "min": 1, "max": 1, "attributes": {"width": ["r", "number"]}},
            },
        }
    }


def test_a_wheel_without_typings_is_refused_by_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as archive:
        archive.writestr("a.txt", "")
    with pytest.raises(ValueError, match=r"other\.whl holds no typings"):
        read_wheel(tmp_path / "other.whl")
