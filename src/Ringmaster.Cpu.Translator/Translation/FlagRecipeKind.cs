namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Ways to make flags again.</summary>
internal enum FlagRecipeKind
{
    /// <summary>No way is known.</summary>
    None,

    /// <summary>Load them from where they were saved.</summary>
    Saved,

    /// <summary>Execute the instruction again: it changes nothing but flags.</summary>
    Repeat,

    /// <summary>TEST the result with itself.</summary>
    TestResult,

    /// <summary>Subtract what was added from a copy of the result, and add it again.</summary>
    UndoAdd,

    /// <summary>Add what was subtracted to a copy of the result, and compare.</summary>
    UndoSubtract,
}
