namespace Ringmaster.Cpu.Interrupts;

/// <summary>The state of one 8259A (Intel 231468), as it changes hands between an engine and the machine.</summary>
/// <param name="Lines">Levels of the eight inputs.</param>
/// <param name="Request">Interrupt request register.</param>
/// <param name="InService">In-service register.</param>
/// <param name="Mask">Interrupt mask register.</param>
/// <param name="LevelTriggered">Edge/level control register.</param>
/// <param name="VectorBase">Vector of input 0.</param>
/// <param name="LowestPriority">The input with the lowest priority.</param>
/// <param name="NextWord">Which initialization word the odd port expects: 2, 3, 4, or 0 once initialized.</param>
/// <param name="FourthWord">There is an ICW4.</param>
/// <param name="AutomaticEoi">An acknowledged interrupt ends at once.</param>
/// <param name="RotateOnAutomaticEoi">Automatic ends rotate the priorities.</param>
/// <param name="SpecialFullyNested">Inputs of a slave interrupt each other.</param>
/// <param name="SpecialMask">Masked inputs in service do not block others.</param>
/// <param name="Poll">The next read acknowledges.</param>
/// <param name="ReadInService">The even port reads the in-service register.</param>
public readonly record struct PicRegisters(
    byte Lines,
    byte Request,
    byte InService,
    byte Mask,
    byte LevelTriggered,
    byte VectorBase,
    byte LowestPriority,
    byte NextWord,
    bool FourthWord,
    bool AutomaticEoi,
    bool RotateOnAutomaticEoi,
    bool SpecialFullyNested,
    bool SpecialMask,
    bool Poll,
    bool ReadInService);
