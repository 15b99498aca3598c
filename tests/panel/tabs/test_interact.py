"""Tests of "Interagir": qualification, funnel, stage.

A negotiation is won and lost through the CRM's own actions.
"""

import pytest
from flask import Flask

from tests.product import HENRIQUE, LUCIA, MARINA, RUI, Visitor, asked, behind, product, settled
from widget.emulator.crm.server import Emulator

# Of Marina (a lead): 1, in funnel 1 at stage 2. Of Henrique: 2, 3, 4 open, 5 won, 6 lost. Of Lúcia:
# 7.
FORM = "/tab/interact/1"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def on_marina(ana: Visitor) -> Visitor:
    """Ana beside a lead with one open negotiation."""
    ana.open(MARINA)
    return ana


def deal(crm: Emulator, number: str = "1") -> dict[str, str]:
    """The negotiation as it stands in the CRM."""
    return crm.rows("crm_negociacoes", id=number)[0]


def test_the_form_shows_the_negotiation_as_it_is_right_now(
    on_marina: Visitor, crm: Emulator
) -> None:
    behind(crm, "crm_negociacoes", "1", id_estagio="3")
    screen = on_marina.get(FORM)

    known = {
        "funnel": "1",
        "stage": "3",
        "status": "N",
        "contact": "lead-1",
    }
    assert {name: screen.form(".form")[name] for name in known} == known
    for word in [
        "Qualificação",
        "Funil",
        "Etapa do funil",
        "Status",
        "Em andamento",
        "Vencida",
        "Perdida",
    ]:
        assert word in screen.text


def test_moving_to_another_stage_writes_that_and_leaves_the_rest(
    on_marina: Visitor, crm: Emulator
) -> None:
    before = deal(crm)
    saved = on_marina.fill(FORM, stage="4")
    after = deal(crm)

    assert saved.status == 200
    assert "Negociação atualizada no CRM." in saved.text
    assert "Vendas varejo · Proposta enviada" in saved.text
    assert {c for c in before if before[c] != after[c]} <= {
        "id_estagio",
        "id_estagio_anterior",
        "ultima_atualizacao",
    }
    assert after["id_estagio"] == "4"


def test_moving_to_another_funnel_needs_a_stage_of_it(on_marina: Visitor, crm: Emulator) -> None:
    wrong = on_marina.fill(FORM, funnel="2")
    right = on_marina.fill(FORM, funnel="2", stage="8")

    assert (wrong.status, wrong.wrong("stage")) == (422, "Esta etapa é de outro funil.")
    assert right.status == 200
    assert (deal(crm)["id_funil"], deal(crm)["id_estagio"]) == ("2", "8")


def test_winning_goes_through_the_crms_own_action(on_marina: Visitor, crm: Emulator) -> None:
    saved = on_marina.fill(FORM, status="V")

    assert saved.status == 200
    assert deal(crm)["status"] == "V"
    assert len(asked(crm, "crm_negociacoes_simplificado", "action")) == 1
    assert "Vencida" in saved.text


def test_losing_needs_a_reason(on_marina: Visitor, crm: Emulator) -> None:
    refused = on_marina.fill(FORM, status="D", loss_reason="", loss_remark="Foi caro")

    assert (refused.status, refused.wrong("loss_reason")) == (422, "Diga por que foi perdida.")
    assert (refused.form(".form")["status"], refused.form(".form")["loss_remark"]) == (
        "D",
        "Foi caro",
    )
    assert [c for c in crm.calls if c["kind"] in {"update", "action"}] == []


def test_losing_writes_the_reason_and_goes_through_the_crms_own_action(
    on_marina: Visitor, crm: Emulator
) -> None:
    saved = on_marina.fill(FORM, status="D", loss_reason="1", loss_remark="Foi caro")

    assert saved.status == 200
    assert (deal(crm)["status"], deal(crm)["substatus"]) == ("D", "1")
    assert deal(crm)["obs"].endswith("Foi caro")
    assert len(asked(crm, "crm_negociacoes_perdemos_data", "action")) == 1


def test_the_same_form_twice_says_and_does_it_once(on_marina: Visitor, crm: Emulator) -> None:
    form = {
        **on_marina.get(FORM).form(".form"),
        "status": "D",
        "loss_reason": "1",
        "loss_remark": "Foi caro",
    }
    first, second = on_marina.post(FORM, form), on_marina.post(FORM, form)

    assert (first.status, second.status) == (200, 200)
    assert deal(crm)["obs"].count("Foi caro") == 1
    assert len(asked(crm, "crm_negociacoes_perdemos_data", "action")) == 1


def test_a_lost_negotiation_can_be_opened_again(ana: Visitor, crm: Emulator) -> None:
    ana.open(HENRIQUE)

    assert ana.fill("/tab/interact/6", status="N").status == 200
    assert deal(crm, "6")["status"] == "N"


def test_saving_without_a_change_writes_nothing(on_marina: Visitor, crm: Emulator) -> None:
    assert on_marina.fill(FORM).status == 200
    assert [c for c in crm.calls if c["kind"] in {"update", "action"}] == []


def test_the_qualification_is_kept_by_the_panel_and_the_panel_says_so(
    app: Flask, on_marina: Visitor
) -> None:
    hint = "Fica guardada no painel: este CRM não tem campo para ela."
    screen = on_marina.get(FORM)
    saved = on_marina.fill(FORM, qualification="4")
    rui = Visitor(app.test_client(), RUI)

    assert hint in screen.text
    assert saved.html.css_first('[aria-label="Qualificação 4 de 5"]') is not None
    assert rui.open(MARINA).html.css_first('[aria-label="Qualificação 4 de 5"]') is not None
    assert rui.get(FORM).form(".form")["qualification"] == "4"


def test_a_crm_with_a_column_for_the_qualification_keeps_it_itself(
    crm: Emulator, tmp_path: object
) -> None:
    ana = Visitor(product(crm, tmp_path, qualification_field="prioridade").test_client())
    ana.open(MARINA)
    screen = ana.get(FORM)
    saved = ana.fill(FORM, qualification="3")

    assert "este CRM não tem campo para ela" not in screen.text
    assert deal(crm)["prioridade"] == "3"
    assert saved.html.css_first('[aria-label="Qualificação 3 de 5"]') is not None
    assert ana.get(FORM).form(".form")["qualification"] == "3"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("stage", "7", "Esta etapa é de outro funil."),
        ("stage", "", "Preencha este campo."),
        ("stage", SCRIPT, "Escolha uma das opções."),
        ("funnel", "", "Preencha este campo."),
        ("funnel", "99", ""),
        ("status", "X", "Escolha uma das opções."),
        ("status", "", "Preencha este campo."),
        ("qualification", "6", "Escolha uma das opções."),
        ("qualification", "-1", "Escolha uma das opções."),
        ("loss_reason", "x", "Escolha uma das opções."),
        ("loss_remark", "a" * 2001, "Texto longo demais."),
    ],
)
def test_bad_input_gets_the_same_form_back_with_the_reason_at_the_field(
    on_marina: Visitor, crm: Emulator, field: str, typed: str, sentence: str
) -> None:
    answer = on_marina.fill(FORM, **{"loss_remark": "Por quê? 🚀 <b>", field: typed})

    assert answer.status == 422
    assert answer.wrong(field) == sentence
    assert answer.form(".form")["loss_remark"] == (
        typed if field == "loss_remark" else "Por quê? 🚀 <b>"
    )
    assert answer.html.css("script, textarea b") == []
    assert [c for c in crm.calls if c["kind"] in {"update", "action"}] == []


@pytest.mark.parametrize("number", ["7", "2", "999999", "0", "abc", "1'", "１", "1%2F2"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_negotiation_of_another_contact_is_not_found(
    on_marina: Visitor, crm: Emulator, number: str, method: str
) -> None:
    form = on_marina.get(FORM).form(".form")
    address = f"/tab/interact/{number}"
    answer = (
        on_marina.get(address)
        if method == "get"
        else on_marina.post(address, {**form, "stage": "4"})
    )

    assert answer.status == 404
    assert [c for c in crm.calls if c["kind"] in {"update", "action"}] == []


def test_what_changed_in_the_crm_meanwhile_is_shown_before_it_is_overwritten(
    on_marina: Visitor, crm: Emulator
) -> None:
    form = on_marina.get(FORM).form(".form")
    behind(crm, "crm_negociacoes", "1", id_estagio="5")
    asked_back = on_marina.post(FORM, {**form, "stage": "4"})
    saved = on_marina.post(FORM, asked_back.form(".form"))

    assert asked_back.status == 409
    assert "Etapa no CRM: Documentação" in asked_back.text
    assert asked_back.form(".form")["stage"] == "4"
    assert saved.status == 200
    assert deal(crm)["id_estagio"] == "4"


def test_what_was_not_touched_here_follows_the_crm(on_marina: Visitor, crm: Emulator) -> None:
    form = on_marina.get(FORM).form(".form")
    behind(crm, "crm_negociacoes", "1", id_estagio="5")
    asked_back = on_marina.post(FORM, {**form, "status": "D", "loss_reason": "1"})
    on_marina.post(FORM, asked_back.form(".form"))

    assert (deal(crm)["status"], deal(crm)["id_estagio"]) == ("D", "5")


def test_a_right_that_the_token_lacks_is_said_as_such(on_marina: Visitor, crm: Emulator) -> None:
    crm.control(not_permitted=["crm_negociacoes_simplificado"])
    refused = on_marina.fill(FORM, status="V")

    assert refused.status == 403
    assert "O usuário do token não tem permissão para isto no CRM." in refused.text
    assert refused.form(".form")["status"] == "V"


def test_what_is_changed_after_half_of_a_save_was_refused_is_written_too(
    on_marina: Visitor, crm: Emulator
) -> None:
    crm.control(not_permitted=["crm_negociacoes_perdemos_data"])
    refused = on_marina.fill(
        FORM,
        stage="4",
        status="D",
        loss_reason="1",
        loss_remark="Foi caro",
    )
    asked_back = on_marina.post(FORM, {**refused.form(".form"), "status": "N", "stage": "5"})
    saved = on_marina.post(FORM, asked_back.form(".form"))

    assert (refused.status, asked_back.status, saved.status) == (403, 409, 200)
    assert "Etapa no CRM: Proposta enviada" in asked_back.text
    assert (deal(crm)["id_estagio"], deal(crm)["status"]) == ("5", "N")


def test_a_remark_is_written_once_though_half_of_the_save_had_to_be_repeated(
    on_marina: Visitor, crm: Emulator
) -> None:
    crm.control(not_permitted=["crm_negociacoes_perdemos_data"])
    refused = on_marina.fill(FORM, status="D", loss_reason="1", loss_remark="Foi caro")
    crm.control(not_permitted=[])
    on_marina.post(FORM, refused.form(".form"))

    assert deal(crm)["status"] == "D"
    assert deal(crm)["obs"].count("Foi caro") == 1


def test_while_the_crm_is_down_everything_is_kept_and_done_later(
    on_marina: Visitor, app: Flask, crm: Emulator
) -> None:
    form = {
        **on_marina.get(FORM).form(".form"),
        "stage": "4",
        "status": "D",
        "loss_reason": "2",
        "loss_remark": "Caro",
    }
    crm.stop()
    kept = on_marina.post(FORM, form)
    crm.start()
    settled(app)

    assert (kept.status, kept.state) == (200, "kept")
    assert (deal(crm)["status"], deal(crm)["substatus"], deal(crm)["id_estagio"]) == ("D", "2", "4")
    assert deal(crm)["obs"].count("Caro") == 1


def test_what_changed_in_the_crm_meanwhile_is_a_conflict_also_in_the_background(
    on_marina: Visitor, app: Flask, crm: Emulator
) -> None:
    form = {**on_marina.get(FORM).form(".form"), "stage": "4"}
    crm.stop()
    on_marina.post(FORM, form)
    crm.start()
    behind(crm, "crm_negociacoes", "1", id_estagio="3")
    settled(app)
    back = on_marina.get(FORM, entry=form["key"])
    saved = on_marina.post(FORM, {**back.form(".form"), "stage": "4"})

    assert "Isto mudou no CRM depois que o formulário foi aberto." in back.text
    assert (saved.status, saved.state, deal(crm)["id_estagio"]) == (200, "done", "4")


@pytest.mark.parametrize("fault", ["reset_after_commit", "html200", "503"])
def test_a_save_whose_answer_was_lost_is_done_once(
    on_marina: Visitor, app: Flask, crm: Emulator, fault: str
) -> None:
    form = {
        **on_marina.get(FORM).form(".form"),
        "stage": "4",
        "status": "D",
        "loss_reason": "2",
        "loss_remark": "Caro",
    }
    crm.control(fault=fault, fault_on="write", fault_times=1)
    saved = on_marina.post(FORM, form)
    settled(app)

    assert (saved.status, saved.state) == (
        200,
        "done" if fault == "reset_after_commit" else "unknown",
    )
    assert (deal(crm)["status"], deal(crm)["id_estagio"]) == ("D", "4")
    assert deal(crm)["obs"].count("Caro") == 1


def test_a_form_drawn_for_one_contact_changes_nothing_of_another(
    on_marina: Visitor, crm: Emulator
) -> None:
    form = {**on_marina.get(FORM).form(".form"), "stage": "4"}
    on_marina.link("client-5")
    stopped = on_marina.post(FORM, form)

    assert stopped.status in {404, 409}
    assert [c for c in crm.calls if c["kind"] in {"update", "action"}] == []


def test_a_negotiation_that_moved_to_another_contact_is_not_changed(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(LUCIA)
    form = {**ana.get("/tab/interact/7").form(".form"), "stage": "5"}
    behind(crm, "crm_negociacoes", "7", id_cliente="5")
    stopped = ana.post("/tab/interact/7", form)

    assert stopped.status == 404
    assert deal(crm, "7")["id_estagio"] == "4"


def test_the_draft_of_each_negotiation_is_its_own(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    form = ana.get("/tab/interact/2").form(".form")
    ana.post("/tab/draft/interact-2", {**form, "loss_remark": "rascunho"})

    assert ana.get("/tab/interact/2").form(".form")["loss_remark"] == "rascunho"
    assert ana.get("/tab/interact/3").form(".form")["loss_remark"] == ""


def test_a_status_that_the_crm_does_not_explain_counts_as_open(
    on_marina: Visitor, crm: Emulator
) -> None:
    behind(crm, "crm_negociacoes", "1", status="??", id_estagio="0", id_funil="99")

    assert on_marina.get(FORM).status == 200


@pytest.mark.parametrize(
    "moved", [{"stage": "3"}, {"status": "V"}, {"status": "D", "loss_reason": "1"}]
)
def test_a_form_that_was_read_while_an_own_save_landed_is_no_conflict(
    on_marina: Visitor, crm: Emulator, moved: dict[str, str]
) -> None:
    form, drawn = (on_marina.get(FORM).form(".form") for _ in range(2))
    on_marina.post(FORM, {**form, "key": "k" * 22, **moved})

    saved = on_marina.post(
        FORM,
        {
            **drawn,
            "stage": "4",
            "status": moved.get("status", "N"),
            "loss_reason": "1",
        },
    )

    assert (saved.status, saved.state) == (200, "done")
    assert (deal(crm)["id_estagio"], deal(crm)["status"]) == ("4", moved.get("status", "N"))


def test_what_a_colleague_saved_since_the_form_was_read_is_a_conflict(
    app: Flask, on_marina: Visitor, crm: Emulator
) -> None:
    form = on_marina.get(FORM).form(".form")
    rui = Visitor(app.test_client(), RUI)
    rui.open(MARINA)
    rui.fill(FORM, stage="3")

    assert on_marina.post(FORM, {**form, "stage": "4"}).status == 409
    assert deal(crm)["id_estagio"] == "3"
