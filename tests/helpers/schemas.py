"""What other systems publish about the files that they read, as JSON Schemas: fields, types, and what is required."""

from typing import Any

Schema = dict[str, Any]


def record(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object of these fields and no others."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "number"}
NOT_NEGATIVE: Schema = {"type": "number", "minimum": 0}
WHOLE: Schema = {"type": "integer", "minimum": 0}
TRUTH: Schema = {"type": "boolean"}
ANY: Schema = {"type": "object"}
UTC: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


SHOWN: Schema = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT: Schema = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
GRADESCOPE = record(
    score=NUMBER,
    execution_time=NUMBER,
    output=TEXT,
    output_format=FORMAT,
    test_output_format=FORMAT,
    test_name_format=FORMAT,
    visibility=SHOWN,
    stdout_visibility=SHOWN,
    extra_data=ANY,
    tests=listed(
        record(
            score=NUMBER,
            max_score=NUMBER,
            status={"enum": ["passed", "failed"]},
            name=TEXT,
            name_format=FORMAT,
            number=TEXT,
            output=TEXT,
            output_format=FORMAT,
            tags=listed(TEXT),
            visibility=SHOWN,
            extra_data=ANY,
        )
    ),
    leaderboard=listed(record(("name", "value"), name=TEXT, value={}, order={"enum": ["asc", "desc"]})),
)
GRADESCOPE["anyOf"] = [
    {"required": ["score"]},
    {"properties": {"tests": {"items": {"required": ["score"]}, "minItems": 1}}, "required": ["tests"]},
]

CLASSROOM50 = record(
    ("schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review",
     "datetime", "score", "max-score", "tests"),
    **{
        "schema": {"const": "classroom50/result/v1"},
        "assignment_type": {"enum": ["individual", "group"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        **dict.fromkeys(("classroom", "assignment", "owner", "commit", "release", "review"), NAME),
        **dict.fromkeys(("datetime", "graded_at"), UTC),
        **dict.fromkeys(("score", "max-score"), WHOLE),
        "tests": listed(
            record(
                ("test-name", "passed", "score", "max-score"),
                **{"test-name": NAME, "passed": TRUTH, "score": WHOLE, "max-score": WHOLE},
            )
        ),
        "submitted_by": ANY,
    },
)  # fmt: skip

IMAGE: Schema = {"anyOf": [TEXT, record(("url",), url=TEXT, label=TEXT)]}
PRAIRIELEARN = record(
    gradable=TRUTH,
    score={"type": "number", "minimum": 0, "maximum": 1},
    message=TEXT,
    output=TEXT,
    images=listed(IMAGE),
    format_errors={"anyOf": [TEXT, listed(TEXT)]},
    tests=listed(
        record(
            ("name", "points", "max_points"),
            name=TEXT,
            description=TEXT,
            points=NUMBER,
            max_points=NOT_NEGATIVE,
            message=TEXT,
            output=TEXT,
            images=listed(IMAGE),
        )
    ),
)
PRAIRIELEARN["anyOf"] = [
    {"required": ["score"]},
    {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
]

PRAIRIELEARN_QUESTION = record(
    ("uuid", "title", "topic", "type"),
    uuid={"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    title=NAME,
    topic=NAME,
    tags=listed(TEXT),
    type={"const": "v3"},
    gradingMethod={"const": "External"},
    singleVariant=TRUTH,
    externalGradingOptions=record(
        ("enabled", "image"),
        enabled=TRUTH,
        image=NAME,
        entrypoint=TEXT,
        timeout={"type": "integer", "minimum": 1, "maximum": 600},
        enableNetworking=TRUTH,
        serverFilesCourse=listed(TEXT),
    ),
)
